import { readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect } from 'chai';
import type { Class } from '../../functions/core/model/classes.ts';
import { loadModel, type Model } from '../../functions/core/model/load.ts';
import type { Prediction } from '../../functions/core/model/prediction.ts';
import { createContext } from '../../local/context.ts';
import { inspect } from '../../local/model/inspect.ts';
import { runModel } from '../helpers/model-command.ts';
import { captureOutput } from '../helpers/output.ts';
import { sealByHand, withPackage } from '../helpers/package.ts';
import { createService } from '../helpers/service.ts';

const fixtures = 'test/fixtures/classes';
const readJson = (...path: string[]) => JSON.parse(readFileSync(join(...path), 'utf8'));

async function predict(model: Model, rows: unknown): Promise<Prediction[]> {
  const { result } = await captureOutput(() => createService(model)(rows, createContext('request-1')));
  return (result as { predictions: Prediction[] }).predictions;
}

/** Writes other class names into model.json as a user would, and leaves the other files as they are. */
function nameClasses(folder: string, classes: readonly unknown[]): void {
  const document = readJson(folder, 'model.json');
  writeFileSync(join(folder, 'model.json'), `${JSON.stringify({ ...document, classes }, null, 2)}\n`);
}

describe('a renamed class', () => {
  const renames: [folder: string, classes: readonly Class[]][] = [
    ['models/iris', ['Setosa', 'versicolor', 'virginica']],
    ['models/iris', ['a', 'b', 'c']],
    [`${fixtures}/booleans`, ['no', 'yes']],
    [`${fixtures}/integers`, [-7, 0, 1, 9, 11]],
    [`${fixtures}/fractions`, [-1.5, 0, 0.25, 2]],
    [`${fixtures}/texts`, ['-1', '-a', '10', '9', '<b>,"', '=1+1', 'toString', '__proto__!']],
    [`${fixtures}/texts`, ['-1', '-a', '10', '9', '<b>,"', '=1+1', 'a', '']],
  ];
  for (const [original, classes] of renames) {
    it(`has its new name everywhere once its package is sealed: ${original}, ${JSON.stringify(classes)}`, async () => {
      const { instances } = readJson(original, 'golden.json');
      const before = await predict(await loadModel(join(original, '..'), basename(original)), instances);
      const { classes: old } = readJson(original, 'model.json') as { classes: Class[] };
      await withPackage(async (directory) => {
        const folder = join(directory, basename(original));
        nameClasses(folder, classes);
        await loadModel(directory, basename(folder)).then(
          () => expect.fail('it is served before it is sealed'),
          (error: Error) => expect(error.message).to.match(/model\.json: has SHA-256 .*seal/),
        );
        const { code, stdout } = await runModel(['seal', folder]);
        expect(code).to.equal(0);
        const changed = old.filter((name, position) => name !== classes[position]);
        for (const name of changed) expect(stdout).to.include(`the class ${JSON.stringify(name)} is now called `);
        expect(await inspect({ folder })).to.deep.include({ problems: [], unsealed: [] });
        const after = await predict(await loadModel(directory, basename(folder)), instances);
        expect(after).to.deep.equal(before.map((one) => renamed(one, old, classes)));
        expect(readJson(folder, 'golden.json').classes).to.deep.equal(classes);
      }, original);
    });
  }

  it('may have its new name in the examples too', async () => {
    await withPackage(async (directory) => {
      const folder = join(directory, 'iris');
      const file = join(folder, 'model.json');
      writeFileSync(file, readFileSync(file, 'utf8').replaceAll('"setosa"', '"Setosa"'));
      expect((await runModel(['seal', folder])).code).to.equal(0);
      await loadModel(directory, 'iris');
    });
  });

  it('has its new name under its own target only, and may be a cluster, or the class of inliers or of outliers', async () => {
    const answers = 'test/fixtures/answers';
    const seal = async (name: string, change: (text: string) => string, use: (loaded: Prediction[]) => void) => {
      const original = join(answers, name);
      const { instances } = readJson(original, 'golden.json');
      await withPackage(async (directory) => {
        const folder = join(directory, name);
        const file = join(folder, 'model.json');
        writeFileSync(file, change(readFileSync(file, 'utf8')));
        const { code, stderr } = await runModel(['seal', folder]);
        expect(code, stderr).to.equal(0);
        expect(await inspect({ folder })).to.deep.include({ problems: [], unsealed: [] });
        use(await predict(await loadModel(directory, name), instances));
      }, original);
    };
    await seal(
      'targets',
      (text) => text.replace(/"large",(\s*)"small"/, '"red",$1"small"'),
      (predictions) => {
        const [first] = predictions as { labels: object; probabilities: Record<string, object> }[];
        expect(first?.labels).to.deep.equal({ 'colour, of it': '=1+1', size: 'red' });
        expect(Object.keys(first?.probabilities.size ?? {})).to.deep.equal(['red', 'small']);
        expect(Object.keys(first?.probabilities['colour, of it'] ?? {})).to.deep.equal(['=1+1', 'blue', 'red']);
      },
    );
    await seal(
      'clusters',
      (text) => text.replace(/"classes": \[\s*0,\s*1,\s*2\s*\]/, '"classes": ["few", "some", "many"]'),
      ([first]) => expect(Object.keys(first ?? {})).to.deep.equal(['label', 'distances']),
    );
    await seal(
      'outliers',
      (text) => text.replace(/"classes": \[\s*"inlier",\s*"outlier"\s*\]/, '"classes": ["usual", "odd"]'),
      ([first]) => expect(first).to.have.property('label').that.is.oneOf(['usual', 'odd']),
    );
  });

  const refusals: [folder: string, classes: readonly unknown[], RegExp][] = [
    ['models/iris', ['versicolor', 'setosa', 'virginica'], /"versicolor" is class 0, but was exported as class 1/],
    ['models/iris', ['rose', 'setosa', 'virginica'], /"setosa" is class 1, but was exported as class 0/],
    [`${fixtures}/integers`, [0, -7, 1, 9, 10], /0 is class 0, but was exported as class 1/],
    [`${fixtures}/booleans`, [true, false], /true is class 0, but was exported as class 1/],
    ['models/iris', ['setosa', 'setosa', 'virginica'], /"setosa" is class 1, but was exported as class 0/],
    ['models/iris', ['rose', 'rose', 'virginica'], /classes: Classes must differ/],
    ['models/iris', ['rose', 1, 'virginica'], /classes: Classes must be of one type/],
    ['models/iris', ['setosa', 'versicolor'], /classes: has 2 classes, but the model was exported with 3/],
  ];
  for (const [original, classes, message] of refusals) {
    it(`is refused among the classes ${JSON.stringify(classes)}: ${original}`, async () => {
      await withPackage(async (directory) => {
        const folder = join(directory, basename(original));
        nameClasses(folder, classes);
        expect((await inspect({ folder })).problems.join()).to.match(message);
        sealByHand(folder);
        const started = await loadModel(directory, basename(folder)).catch((error: Error) => error.message);
        expect(started).to.match(/model\.(json: (examples\.0|classes)|onnx: output probabilities)/);
      }, original);
    });
  }
});

/** A prediction with the new names of the classes. */
function renamed(prediction: Prediction, old: readonly Class[], classes: readonly Class[]): Prediction {
  if (!('label' in prediction)) return prediction;
  const { label, probabilities } = prediction;
  const shares = classes.map((name, position) => [String(name), probabilities?.[String(old[position])]]);
  return { label: classes[old.indexOf(label)] as Class, probabilities: Object.fromEntries(shares) };
}
