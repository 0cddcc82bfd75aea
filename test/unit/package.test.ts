import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import {
  findPackages,
  ModelPackageError,
  parse,
  readDigests,
  readNamedPackage,
  readPackage,
  readPackageFile,
  toShellWord,
} from '../../functions/core/model/package.ts';
import { readManifest } from '../helpers/files.ts';
import { changeManifest, renamePackage, sealByHand, withPackage } from '../helpers/package.ts';

/** The error with which a function refuses a package. */
function refusalOf(run: () => unknown): ModelPackageError {
  try {
    run();
  } catch (error) {
    if (error instanceof ModelPackageError) return error;
    throw error;
  }
  throw new Error('no refusal');
}

describe('a package', () => {
  it('is read with the bytes of its model and with its background', () => {
    const { manifest, modelFile, model, readBackground } = readPackage('models/iris');
    expect(manifest).to.deep.equal(readManifest());
    expect(modelFile).to.equal('models/iris/model.onnx');
    expect(Buffer.from(model).equals(readFileSync('models/iris/model.onnx'))).to.equal(true);
    expect(readBackground?.()).to.deep.equal(JSON.parse(readFileSync('models/iris/background.json', 'utf8')));
    expect(readNamedPackage('models', 'iris').manifest.name).to.equal('iris');
    expect(readPackage('test/fixtures/fifty')).not.to.have.property('readBackground');
  });

  it('is refused if its background is another than model.json says', async () => {
    const { file, problem } = await withPackage(async (directory) => {
      const explanations = { ...(readManifest().explanations as object), sha256: '0'.repeat(64) };
      changeManifest(directory, { explanations });
      return refusalOf(() => readPackage(join(directory, 'iris')));
    });
    expect(file).to.match(/iris\/background\.json$/);
    expect(problem).to.match(/^has SHA-256 [0-9a-f]{64}, but model\.json says 0{64}$/);
  });

  it('is refused if a file that SHA256SUMS lists is missing or has changed, even if nothing reads it', async () => {
    const [missing, changed] = await withPackage(async (directory) => {
      const folder = join(directory, 'iris');
      writeFileSync(join(folder, 'notes.txt'), 'a');
      sealByHand(folder);
      writeFileSync(join(folder, 'notes.txt'), 'b');
      const change = refusalOf(() => readPackage(folder));
      rmSync(join(folder, 'notes.txt'));
      return [refusalOf(() => readPackage(folder)), change];
    });
    expect(missing?.message).to.match(/notes\.txt: cannot be read: ENOENT; copy it again from where the package came/);
    expect(missing?.cause).to.have.property('code', 'ENOENT');
    expect(changed?.message).to.match(/notes\.txt: has SHA-256 \w+, but SHA256SUMS says \w+; copy it again/);
  });

  it('is refused with commands for its folder, quoted for a shell if need be', async () => {
    const advice = await withPackage(async (directory) => {
      renamePackage(directory, 'my.iris');
      writeFileSync(join(directory, 'my.iris', 'model.json'), '{}');
      return refusalOf(() => readPackage(join(directory, 'my.iris'))).problem.replaceAll(directory, '…');
    });
    expect(advice).to.match(/^has SHA-256 \w+, but SHA256SUMS says \w+\. /);
    expect(advice.slice(advice.indexOf('. ') + 2)).to.equal(
      '`npm run model -- check …/my.iris` shows what has changed; ' +
        '`npm run model -- seal …/my.iris` accepts an edit that does not change the model',
    );
    expect(toShellWord('models/iris-2_a.b')).to.equal('models/iris-2_a.b');
    expect(toShellWord('my models/iris')).to.equal("'my models/iris'");
    expect(toShellWord('/x;y')).to.equal("'/x;y'");
    expect(toShellWord("it's her's")).to.equal(`'it'\\''s her'\\''s'`);
    expect(toShellWord('')).to.equal("''");
  });

  it('is refused if SHA256SUMS does not list a file that it needs', async () => {
    for (const name of ['model.json', 'golden.json', 'model.onnx', 'background.json']) {
      const problem = await withPackage(async (directory) => {
        const folder = join(directory, 'iris');
        const digests = readFileSync(join(folder, 'SHA256SUMS'), 'utf8');
        writeFileSync(join(folder, 'SHA256SUMS'), digests.replace(new RegExp(`^.*${name}\n`, 'm'), ''));
        return refusalOf(() => readPackage(folder)).message.replaceAll(directory, '…');
      });
      expect(problem.startsWith(`…/iris/SHA256SUMS: does not list ${name}. \`npm run`), problem).to.equal(true);
    }
  });

  it('is refused if its model is another than model.json says', async () => {
    const { file, problem } = await withPackage(async (directory) => {
      changeManifest(directory, { sha256: '0'.repeat(64) });
      return refusalOf(() => readPackage(join(directory, 'iris')));
    });
    expect(file).to.match(/iris\/model\.onnx$/);
    expect(problem).to.match(/^has SHA-256 [0-9a-f]{64}, but model\.json says 0{64}$/);
  });

  it('is refused with the place of what is wrong in model.json', async () => {
    const { file, problem } = await withPackage(async (directory) => {
      changeManifest(directory, { opset: undefined });
      return refusalOf(() => readPackage(join(directory, 'iris')));
    });
    expect(file).to.match(/iris\/model\.json$/);
    expect(problem).to.match(/^opset: /);
  });

  it('that is missing is refused with the packages that exist', async () => {
    const [others, none] = await withPackage(async (directory) => {
      mkdirSync(join(directory, 'a'));
      writeFileSync(join(directory, 'a', 'model.json'), '');
      const refusal = (path: string) => refusalOf(() => readPackage(join(directory, path)));
      return [refusal('rose'), refusal('absent/rose')].map(({ problem }) => problem.replaceAll(directory, '…'));
    });
    expect(others).to.equal('cannot be read: ENOENT (model packages in …: a, iris)');
    expect(none).to.equal('cannot be read: ENOENT (model packages in …/absent: none)');
  });

  it('is refused if its name is not that of its folder', async () => {
    const { file, problem } = await withPackage(async (directory) => {
      changeManifest(directory, { name: 'rose' });
      expect(readPackage(join(directory, 'iris')).manifest.name).to.equal('rose');
      return refusalOf(() => readNamedPackage(directory, 'iris'));
    });
    expect(file).to.match(/iris\/model\.json$/);
    expect(problem).to.equal('names the model rose, but its folder is iris');
  });

  it('is refused with the reason as the cause', async () => {
    const [digests, absent] = await withPackage(async (directory) => {
      const folder = join(directory, 'iris');
      writeFileSync(join(folder, 'SHA256SUMS'), 'x');
      return [refusalOf(() => readDigests(folder)), refusalOf(() => readPackageFile(folder, 'absent.json'))];
    });
    expect(digests?.message).to.match(/iris\/SHA256SUMS: line 1: expected 64 hexadecimal digits/);
    expect(digests?.cause)
      .to.be.an.instanceOf(Error)
      .with.property('message')
      .that.matches(/^line 1: /);
    expect(absent?.message).to.match(/iris\/absent\.json: cannot be read: ENOENT$/);
    expect(absent?.cause).to.have.property('code', 'ENOENT');
  });
});

describe('a JSON file of a package', () => {
  const read = (text: string | Buffer) => parse('x.json', Buffer.from(text as string), (document) => document);

  it('may have texts of any length, and any number of columns', () => {
    const names = Object.fromEntries(Array.from({ length: 10_001 }, (_, index) => [`n${index}`, index]));
    expect(read(JSON.stringify(names))).to.deep.equal(names);
    const long = 'x'.repeat(10_001);
    expect(read(JSON.stringify([long]))).to.deep.equal([long]);
  });

  it('is refused with what is wrong with it', () => {
    const problemOf = (text: string | Buffer) => refusalOf(() => read(text)).message;
    expect(problemOf(Buffer.from([0xff]))).to.equal('x.json: is not UTF-8; save it as UTF-8');
    expect(problemOf('\uFEFF{}')).to.equal('x.json: begins with a byte order mark; save it as UTF-8 without one');
    expect(problemOf('{"a":1,"a":2}')).to.match(
      /^x\.json: There is 1 problem with the document; \/a: the name occurs more than once in its object/,
    );
    expect(problemOf('{')).to.match(/^x\.json: .*JSON/);
    expect(problemOf(`${'['.repeat(17)}${']'.repeat(17)}`)).to.equal(
      'x.json: Expected a document of at most 16 levels, but the limit is passed at character 16',
    );
    const cause = new Error('no');
    const refusal = refusalOf(() =>
      parse('x.json', Buffer.from('1'), () => {
        throw cause;
      }),
    );
    expect(refusal).to.include({ name: 'ModelPackageError', message: 'x.json: no', cause });
  });
});

describe('findPackages', () => {
  it('lists the folders with a model.json in order, and none if the directory cannot be read', async () => {
    const [found, none] = await withPackage(async (directory) => {
      for (const name of ['b', 'a', 'other']) mkdirSync(join(directory, name));
      for (const name of ['b', 'a']) writeFileSync(join(directory, name, 'model.json'), '');
      return [findPackages(directory), findPackages(join(directory, 'absent'))];
    });
    expect(found).to.deep.equal(['a', 'b', 'iris']);
    expect(none).to.deep.equal([]);
  });
});
