import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect } from 'chai';
import { defaultLimits } from '../../functions/core/limits.ts';
import { fromRows, toFeeds } from '../../functions/core/model/columns.ts';
import { loadModel, type Model } from '../../functions/core/model/load.ts';
import { toShown } from '../../functions/core/model/outputs.ts';
import { readPackage } from '../../functions/core/model/package.ts';
import { toPredictions } from '../../functions/core/model/prediction.ts';
import { toRecords } from '../../functions/core/model/records.ts';
import { toCanonicalJson } from '../../local/model/contract.ts';
import { inspect } from '../../local/model/inspect.ts';
import { editsOf, toText, withEdit } from '../helpers/edits.ts';
import { sealByHand, withPackage } from '../helpers/package.ts';
import { type Place, placesByPath, schemaPaths } from '../helpers/schema-paths.ts';

/** Packages with one matrix, with an input for each feature, with every shape of answers, and with times and texts. */
const packages = [
  ...['models/iris', 'models/churn', 'test/fixtures/diabetes'],
  ...['scores', 'targets', 'values', 'outliers', 'clusters'].map((kind) => `test/fixtures/answers/${kind}`),
  ...['times', 'texts/tickets', 'texts/hashed', 'texts/reviews'].map((name) => `test/fixtures/${name}`),
];

const readJson = (path: string) => JSON.parse(readFileSync(path, 'utf8'));
const errorOf = (thrown: Error) => thrown.message;

/** The paths of model.json that a user may edit: neither the predictions nor which rows are valid depend on them. */
const editable = /^(\$schema|version|description|(features\[\]|target|targets\[\])\.unit|examples(\[\].*)?)$/;

/** The part of model.json that a user may not edit. */
function boundPart({ $schema: _s, version: _v, description: _d, examples: _e, ...manifest }: Record<string, unknown>) {
  return JSON.parse(JSON.stringify(manifest, (key, value) => (key === 'unit' ? undefined : value)));
}

/** The model's answers to the rows, or the errors with which it refuses them. */
async function ask({ manifest, run }: Model, rows: readonly unknown[]): Promise<unknown> {
  const instances = fromRows(rows, (row, key) => `/${row}/${key ?? ''}`);
  try {
    const fetches = await run(toFeeds(instances, manifest, defaultLimits));
    return toRecords(toPredictions(fetches, toShown(manifest, false), instances));
  } catch (error) {
    return (error as { errors: unknown }).errors;
  }
}

/** Lists of rows by the exported names: all golden rows together, and single rows with a value that may be invalid. */
function toQuestions(folder: string): readonly unknown[][] {
  const names = (readJson(join(folder, 'model.json')).features as { name: string }[]).map(({ name }) => name);
  const { instances } = readJson(join(folder, 'golden.json')) as { instances: unknown[][] };
  const toRecord = (row: readonly unknown[]) => Object.fromEntries(names.map((name, index) => [name, row[index]]));
  const [first = []] = instances;
  const bad = names.flatMap((_, at) =>
    [null, 'nothing', true, 0.5, {}].map((value) => toRecord(first.with(at, value))),
  );
  return [instances.map(toRecord), ...bad.map((record) => [record])];
}

/** How an edited package is recognised: it does not load, the check reports it, or its edit changes no answer. */
type Outcome = 'refused' | 'told by check' | 'harmless';

async function judge(directory: string, folder: string, original: Model): Promise<[Outcome, string]> {
  const name = basename(folder);
  sealByHand(join(directory, name));
  const model = await loadModel(directory, name).catch(errorOf);
  if (typeof model === 'string') return ['refused', model];
  const { problems } = await inspect({ folder: join(directory, name), name });
  if (problems.length > 0) return ['told by check', problems.join('; ')];
  expect(boundPart({ ...model.manifest })).to.deep.equal(boundPart({ ...original.manifest }));
  for (const rows of toQuestions(folder)) expect(await ask(model, rows)).to.deep.equal(await ask(original, rows));
  return ['harmless', ''];
}

describe('an edited model.json', function () {
  this.timeout(120_000);

  it('is edited in every field of the schema by the tests below', () => {
    const known = new Set(packages.flatMap((folder) => [...placesByPath(readJson(join(folder, 'model.json'))).keys()]));
    expect([...schemaPaths].filter((path) => !known.has(path))).to.deep.equal([]);
  });

  for (const folder of packages) {
    const name = basename(folder);
    const document = readJson(join(folder, 'model.json'));

    it(`is refused by its digest, and is recognised even if it was sealed by hand: ${folder}`, async () => {
      const original = await loadModel(join(folder, '..'), name);
      const counts = { refused: 0, 'told by check': 0, harmless: 0 };
      await withPackage(async (directory) => {
        for (const { what, path, text } of editsOfDocument(document)) {
          cpSync(join(folder, 'SHA256SUMS'), join(directory, name, 'SHA256SUMS'));
          writeFileSync(join(directory, name, 'model.json'), text);
          expect(() => readPackage(join(directory, name)), what).to.throw(
            /model\.json: has SHA-256 \w+, but SHA256SUMS/,
          );
          const [outcome, message] = await judge(directory, folder, original);
          counts[outcome] += 1;
          expectFit(outcome, message, { what, path, isSame: saysTheSame(text, document) });
        }
      }, folder);
      console.log(`      ${JSON.stringify(counts)}`);
      expect(counts.refused + counts['told by check']).to.be.above(500);
    });
  }
});

/** Expects that a refusal names the file and the problem, and that a harmless edit is of a part that may be edited. */
function expectFit(outcome: Outcome, message: string, { what, path, isSame }: Edit & { isSame: boolean }): void {
  if (what.endsWith(' once more')) expect(message, what).to.include('the name occurs more than once in its object');
  if (outcome !== 'harmless') expect(message, what).to.match(/(model\.(json|onnx)|SHA256SUMS): ./);
  else if (!isSame) expect(path, what).to.match(editable);
}

interface Edit {
  readonly what: string;
  /** The path of the edited value in the schema. */
  readonly path: string;
}

/** Edits of the first and the last value of every path. */
function editsOfDocument(document: unknown): (Edit & { readonly text: string })[] {
  const places = Array.from(placesByPath(document), ([path, all]) => {
    return [...new Set([all[0] ?? [], all.at(-1) ?? []])].map((place) => ({ path, place }));
  }).flat();
  const edits = places.flatMap(({ path, place }) =>
    Array.from(editsOf(valueAt(document, place)), ([name, edited]) => {
      return { what: `/${place.join('/')} ${name}`, path, text: toText(withEdit(document, place, edited)) };
    }),
  );
  // A list that reads the same from both ends is not edited.
  return edits.filter(({ text }) => text !== toText(document));
}

function valueAt(document: unknown, place: Place): unknown {
  return place.reduce<unknown>((whole, key) => (whole as Record<string, unknown>)[key], document);
}

function saysTheSame(text: string, document: unknown): boolean {
  return toCanonicalJson(JSON.parse(text)) === toCanonicalJson(document);
}
