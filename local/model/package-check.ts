import { toErrorText, toRequestError } from '../../functions/core/errors.ts';
import type { Model } from '../../functions/core/model/load.ts';
import type { Manifest } from '../../functions/core/model/manifest.ts';
import { ModelPackageError, readPackageFile } from '../../functions/core/model/package.ts';
import { type Difference, replay } from '../../functions/core/model/replay.ts';
import { toPointerStep } from '../../functions/core/pointer.ts';
import { type Contract, toContract } from './contract.ts';
import { type Golden, readGolden } from './golden.ts';

/** The most milliseconds that a start spends on golden rows. A few rows are enough to notice a wrong model. */
const patience = 300;

/** Compares a loaded model with its export. Throws ModelPackageError. */
export async function checkServed(folder: string, model: Model): Promise<void> {
  const golden = readGolden(folder, readPackageFile(folder, 'golden.json'));
  const problems = [
    ...problemsWithEdits(model.manifest, golden),
    ...(await problemsWithAnswers(model, golden, patience)),
  ];
  if (problems.length > 0) throw new ModelPackageError(folder, problems.join('; '));
}

/** Lists the parts of model.json that were changed since the export and may not be edited. */
export function problemsWithEdits(manifest: Manifest, golden: Golden): string[] {
  const { sha256, parity } = manifest;
  const repeated = [
    ['sha256', sha256, golden.sha256],
    // For a model that was not compared with an original, only golden.json has these.
    ...(parity
      ? ([
          ['parity.tolerance', parity.tolerance, golden.tolerance],
          ['parity.scale', parity.scale, golden.scale],
        ] as const)
      : []),
  ] as const;
  const named = repeated
    .filter(([, says, exported]) => says !== exported)
    .map(([path, says, exported]) => `model.json: ${path} is ${says}, but was exported as ${exported}`);
  const changed = findChanged(toContract(manifest), golden.contract).map((part) => toShown(part, manifest));
  if (named.length > 0 || changed.length === 0) return named;
  const verb = changed.length === 1 ? 'is' : 'are';
  return [
    `model.json: ${changed.join(', ')} ${verb} not as exported. ${editsAllowed}. Undo any other edit, or export ` +
      'the model again',
  ];
}

/** The parts that differ, or that only one of the two has. */
function findChanged(now: Contract, exported: Contract): string[] {
  const parts = new Set([...Object.keys(now), ...Object.keys(exported)]);
  return [...parts].filter((part) => now[part] !== exported[part]);
}

function toShown(part: string, { features }: Manifest): string {
  const [, index] = /^features\/(\d+)$/.exec(part) ?? [];
  const name = features[Number(index)]?.name;
  return name === undefined ? part : `${part} (${name})`;
}

/** Says which edits of model.json are allowed. */
const editsAllowed = 'An edit may change the version, the description, units, names of classes, and examples';

/** The number of golden rows that the model answers in one run. */
const rowsAtOnce = 10;

/**
 * Reports how many golden rows the model answers differently from golden.json. Stops after the run of rows in which
 * `milliseconds` have passed.
 */
export async function problemsWithAnswers(
  model: Model,
  golden: Golden,
  milliseconds = Number.POSITIVE_INFINITY,
): Promise<string[]> {
  const { instances, predictions } = golden;
  const end = performance.now() + milliseconds;
  const differences: Difference[] = [];
  let asked = 0;
  while (asked < instances.length && performance.now() < end) {
    const start = asked;
    asked = Math.min(start + rowsAtOnce, instances.length);
    const answered = { instances: instances.slice(start, asked), predictions: predictions.slice(start, asked) };
    const pointerOf = (row: number, key?: string | number) => `/instances/${start + row}${toPointerStep(key)}`;
    try {
      const found = await replay(answered, pointerOf, model, golden);
      differences.push(...found.map(({ row, answer }) => ({ row: start + row, answer })));
    } catch (error) {
      return [`golden.json: a row has no answer: ${toErrorText(toRequestError(error), 'the rows')}`];
    }
  }
  // If the export allowed some rows to differ, they may be among these.
  if (differences.length <= (model.manifest.parity?.mismatches ?? 0)) return [];
  return [describe(differences, asked, model.manifest.parity ? 'those of the original' : 'those when it was made')];
}

const maxListed = 10;

function describe(differences: readonly Difference[], asked: number, than: string): string {
  const rows = differences.map(({ row }) => row).sort((a, b) => a - b);
  const listed = [...rows.slice(0, maxListed), ...(rows.length > maxListed ? ['…'] : [])].join(', ');
  return `golden.json: the answers to ${rows.length} of ${asked} rows differ from ${than}: instances ${listed}`;
}
