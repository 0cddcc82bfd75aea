import { execFileSync } from 'node:child_process';
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { loadModel } from '../../functions/core/model/load.ts';
import { inspect } from '../../local/model/inspect.ts';
import { runModel } from '../helpers/model-command.ts';
import { changeManifest, sealByHand, withPackage } from '../helpers/package.ts';
import { runNode } from '../helpers/process.ts';

type Json = Record<string, unknown>;

/** Changes a JSON file of a package, and leaves SHA256SUMS as it was. */
function edit(folder: string, change: (document: Json) => unknown, file = 'model.json'): void {
  const path = join(folder, file);
  const document = JSON.parse(readFileSync(path, 'utf8'));
  writeFileSync(path, JSON.stringify(change(document) ?? document, null, 2));
}

const swap = ([first, second, ...others]: unknown[]) => [second, first, ...others];

describe('npm run model', () => {
  it('checks every package if its command line names none, as the build of the image does', async () => {
    const { code, stdout } = await runNode(['local/model.ts', 'check']);
    expect(code).to.equal(0);
    expect(stdout).to.match(
      /^models\/churn is unchanged since it was sealed, and answers \d+ golden rows as the original did$/m,
    );
    expect(stdout).to.match(/^models\/iris is unchanged since it was sealed, /m);
  });

  it('reports that a model was not compared with an original', async () => {
    await withPackage(async (directory) => {
      changeManifest(directory, { parity: null });
      const folder = join(directory, 'iris');
      await loadModel(directory, 'iris');
      const { code, stdout } = await runModel(['check', folder]);
      expect(stdout).to.match(/golden rows as it did when it was made \(it was not compared with an original\)$/m);
      expect(code).to.equal(0);
      edit(
        folder,
        (golden) => {
          golden.predictions = swap(golden.predictions as unknown[]);
        },
        'golden.json',
      );
      sealByHand(folder);
      const wrong = await runModel(['check', folder]);
      expect(wrong.stderr).to.match(/the answers to 2 of 200 rows differ from those when it was made: instances 0, 1/);
      edit(folder, (manifest) => {
        const [example] = manifest.examples as { predictions: { label: string }[] }[];
        (example as { predictions: { label: string }[] }).predictions[0] = {
          ...example?.predictions[0],
          label: 'virginica',
        };
      });
      sealByHand(folder);
      const started = await loadModel(directory, 'iris').catch((error: Error) => error.message);
      expect(started).to.match(/examples\.0: the model answers/);
    });
  });

  it('finds a package by a path relative to the directory in which the command was typed', async () => {
    const { code, stdout } = await runModel(['check', './diabetes/'], { INIT_CWD: 'test/fixtures' });
    expect(stdout).to.match(/^test\/fixtures\/diabetes is unchanged since it was sealed, and answers \d+ golden rows/);
    expect(code).to.equal(0);
  });

  it('prints its usage', async () => {
    const process = await runNode('local/model.ts');
    expect(process.code).to.equal(1);
    for (const values of [[], ['seal'], ['mend', 'iris'], ['--help'], ['toString']]) {
      expect(await runModel(values), values.join(' ')).to.deep.equal(process);
    }
    expect(process.stderr).to.match(/^Usage: npm run model -- check/);
  });

  it('reports a missing package', async () => {
    const { code, stderr } = await runModel(['check', 'rose', 'iris']);
    expect(stderr).to.match(
      /^models\/rose is not what was exported\n {2}model\.json: is not there \(.*: churn, iris\)$/m,
    );
    expect(code).to.equal(1);
  });

  it('seals a package after an edit that does not change the model, and then sha256sum and the service accept the package', async () => {
    await withPackage(async (directory) => {
      const folder = join(directory, 'iris');
      edit(folder, (manifest) => {
        const [first, ...features] = manifest.features as Json[];
        const target = { ...(manifest.target as Json), unit: 'species' };
        return {
          ...manifest,
          version: '1.0.1',
          description: 'Été.',
          target,
          features: [{ ...first, unit: 'mm' }, ...features],
        };
      });
      const checked = await runModel(['check', folder]);
      expect(checked.stderr).to.include(
        `${folder} was edited since it was sealed\n  model.json: does not match SHA256SUMS\n`,
      );
      expect(checked.stderr).to.include(
        `These edits do not change the model. To accept them: npm run model -- seal ${folder}`,
      );
      expect(checked.code).to.equal(1);
      const sealed = await runModel(['seal', 'iris'], { MODELS_DIRECTORY: directory });
      expect(sealed.stdout).to.include(`${folder} is sealed, and answers 200 golden rows as the original did`);
      expect(sealed.code).to.equal(0);
      expect((await runModel(['check', folder])).code).to.equal(0);
      execFileSync('sha256sum', ['--check', '--strict', 'SHA256SUMS'], { cwd: folder });
      expect((await loadModel(directory, 'iris')).manifest).to.include({ version: '1.0.1', description: 'Été.' });
    });
  });

  it('reports a folder without packages, and a listed file that is missing', async () => {
    await withPackage(async (directory) => {
      const folder = join(directory, 'iris');
      writeFileSync(join(folder, 'notes.txt'), '');
      sealByHand(folder);
      rmSync(join(folder, 'notes.txt'));
      expect(await inspect({ folder })).to.deep.include({
        problems: [],
        unsealed: ['notes.txt: does not match SHA256SUMS'],
      });
      const { code, stderr } = await runModel(['check'], { MODELS_DIRECTORY: folder });
      expect(stderr).to.equal(`${folder} has no model packages\n`);
      expect(code).to.equal(1);
    });
  });

  it('writes the digests of a package whose SHA256SUMS is missing or malformed', async () => {
    await withPackage(async (directory) => {
      const file = join(directory, 'iris', 'SHA256SUMS');
      const original = readFileSync(file, 'utf8');
      for (const damage of [() => rmSync(file), () => writeFileSync(file, 'x\n'), () => writeFileSync(file, '')]) {
        damage();
        expect((await runModel(['check', join(directory, 'iris')])).stderr).to.match(
          /SHA256SUMS: (cannot be read|line 1: )/,
        );
        expect((await runModel(['seal', join(directory, 'iris')])).code).to.equal(0);
        expect(readFileSync(file, 'utf8')).to.equal(original);
      }
    });
  });

  const refusals: [string, (folder: string) => void, RegExp][] = [
    [
      'features in another order',
      (folder) => edit(folder, ({ features, ...manifest }) => ({ ...manifest, features: swap(features as unknown[]) })),
      /model\.json: features\/0 \(sepal_width\), features\/1 \(sepal_length\) are not as exported\. An edit may change the version/,
    ],
    [
      'another tolerance',
      (folder) =>
        edit(folder, ({ parity, ...manifest }) => ({ ...manifest, parity: { ...(parity as Json), tolerance: 1e-4 } })),
      /model\.json: parity\.tolerance is 0\.0001, but was exported as 1e-9/,
    ],
    [
      'a tolerance that is too large to prove anything',
      (folder) =>
        edit(folder, ({ parity, ...manifest }) => ({ ...manifest, parity: { ...(parity as Json), tolerance: 1 } })),
      /model\.json: parity\.tolerance: 1 proves nothing/,
    ],
    [
      'classes in another order',
      (folder) => edit(folder, ({ classes, ...manifest }) => ({ ...manifest, classes: swap(classes as unknown[]) })),
      /model\.json: classes: "versicolor" is class 0, but was exported as class 1; a class can be renamed/,
    ],
    [
      'fewer classes',
      (folder) =>
        edit(folder, ({ classes, ...manifest }) => ({ ...manifest, classes: (classes as unknown[]).slice(1) })),
      /model\.json: classes: has 2 classes, but the model was exported with 3/,
    ],
    [
      'a golden row that was edited',
      (folder) =>
        edit(
          folder,
          ({ instances, ...golden }) => ({ ...golden, instances: swap(instances as unknown[]) }),
          'golden.json',
        ),
      /golden\.json: was changed since the export; copy it again from where the package came from/,
    ],
    [
      'golden rows that were edited and sealed by hand',
      (folder) => {
        const reverse = ({ instances, ...golden }: Json) => ({
          ...golden,
          instances: (instances as unknown[]).toReversed(),
        });
        edit(folder, reverse, 'golden.json');
        sealByHand(folder);
      },
      /golden\.json: the answers to \d+ of 200 rows differ from those of the original: instances \d+, .*, …/,
    ],
    [
      'golden rows that no longer fit the features',
      (folder) => {
        edit(
          folder,
          ({ instances, ...golden }) => ({
            ...golden,
            instances: (instances as unknown[][]).map((row) => row.slice(1)),
          }),
          'golden.json',
        );
        sealByHand(folder);
      },
      /golden\.json: a row has no answer: There are 20 problems with the rows; \/instances\/0: expected 4 values/,
    ],
    [
      'a golden.json of an earlier version',
      (folder) => {
        edit(folder, ({ contract: _contract, ...golden }) => golden, 'golden.json');
        sealByHand(folder);
      },
      /golden\.json: contract: .*; export the model again/,
    ],
    [
      'a name that occurs twice in an object',
      (folder) => {
        const path = join(folder, 'model.json');
        writeFileSync(path, readFileSync(path, 'utf8').replace('"version":', '"version": "0", "version":'));
      },
      /model\.json: .*\/version: the name occurs more than once in its object/,
    ],
  ];
  for (const [what, damage, message] of refusals) {
    it(`refuses ${what}`, async () => {
      await withPackage(async (directory) => {
        const folder = join(directory, 'iris');
        damage(folder);
        const { problems } = await inspect({ folder });
        expect(problems.join('\n')).to.match(message);
      });
    });
  }

  it('does not seal a package that it refuses', async () => {
    await withPackage(async (directory) => {
      const folder = join(directory, 'iris');
      edit(folder, ({ features, ...manifest }) => ({ ...manifest, features: swap(features as unknown[]) }));
      const digests = readFileSync(join(folder, 'SHA256SUMS'), 'utf8');
      for (const command of ['check', 'seal']) {
        const { code, stderr } = await runModel([command, folder]);
        expect(stderr).to.match(
          / is not what was exported\n {2}model\.json: .* not as exported\. .*\n {2}model\.json: does not match SHA256SUMS\n$/,
        );
        expect(code).to.equal(1);
      }
      expect(readFileSync(join(folder, 'SHA256SUMS'), 'utf8')).to.equal(digests);
    });
  });

  it('requires that a model is called as its folder if the command line has its name, but not if it has its path', async () => {
    await withPackage(async (directory) => {
      const rose = join(directory, 'rose');
      renameSync(join(directory, 'iris'), rose);
      const { code, stderr } = await runModel(['check', 'rose'], { MODELS_DIRECTORY: directory });
      expect(stderr).to.include('model.json: names the model iris, but its folder is rose');
      expect(code).to.equal(1);
      expect((await inspect({ folder: rose })).problems).to.deep.equal([]);
    });
  });

  it('accepts as many differing golden rows as the export was told to allow', async () => {
    await withPackage(async (directory) => {
      const folder = join(directory, 'iris');
      const { parity } = JSON.parse(readFileSync(join(folder, 'model.json'), 'utf8'));
      changeManifest(directory, { parity: { ...parity, mismatches: 3, label_agreement: 0.9999 } });
      const differ = (count: number) =>
        edit(
          folder,
          ({ predictions, ...golden }) => ({
            ...golden,
            predictions: (predictions as Json[]).map((one, row) => (row < count ? { ...one, label: 'rose' } : one)),
          }),
          'golden.json',
        );
      differ(3);
      sealByHand(folder);
      expect((await inspect({ folder })).problems).to.deep.equal([]);
      differ(4);
      sealByHand(folder);
      expect((await inspect({ folder })).problems.join()).to.match(/golden\.json: the answers to 4 of 200 rows differ/);
    });
  });
});
