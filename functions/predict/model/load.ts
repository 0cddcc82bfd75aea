import { toFeeds } from './columns.ts';
import type { Manifest } from './manifest.ts';
import { createSession, type Session, type TensorType } from './onnx.ts';
import { ModelPackageError, readPackage } from './package.ts';
import { type Prediction, toPredictions } from './prediction.ts';
import type { Run } from './tensor.ts';

/** A model that was checked and answers. */
export interface Model {
  readonly manifest: Manifest;
  readonly run: Run;
}

/** Loads a package and proves that it works: a model that would answer wrongly never serves. Throws ModelPackageError. */
export async function loadModel(directory: string, name: string): Promise<Model> {
  const { manifest, modelFile, model } = await readPackage(directory, name);
  const session = await createSession(model).catch((cause: Error) => {
    throw new ModelPackageError(modelFile, `cannot be loaded: ${cause.message}`, { cause });
  });
  checkSignature(modelFile, session, manifest);
  await checkExample(modelFile, session.run, manifest);
  return { manifest, run: session.run };
}

function checkSignature(file: string, session: Session, manifest: Manifest): void {
  expectSame(file, 'inputs', session.inputs.map(describe), manifest.inputs.map(describe));
  const outputs = new Map(session.outputs.map((output) => [output.name, describe(output)]));
  for (const allowed of expectedOutputs(manifest)) {
    const actual = outputs.get(allowed.name) ?? 'no such output';
    if (!allowed.types.includes(actual)) expectSame(file, `output ${allowed.name}`, [actual], allowed.types);
  }
}

function expectSame(file: string, what: string, actual: readonly string[], expected: readonly string[]): void {
  if (actual.join() === expected.join()) return;
  throw new ModelPackageError(file, `${what}: has ${actual.join(', ')}, and model.json says ${expected.join(' or ')}`);
}

function describe({ name, dtype, shape }: TensorType): string {
  return `${name} ${dtype}[${shape.map((dimension) => dimension ?? 'N').join(', ')}]`;
}

function expectedOutputs(manifest: Manifest): { name: string; types: string[] }[] {
  const floats = (name: string, width: number) => {
    return { name, types: ['float32', 'float64'].map((dtype) => describe({ name, dtype, shape: [null, width] })) };
  };
  if (manifest.task === 'regression') return [floats(manifest.outputs.value, 1)];
  const { label, probabilities } = manifest.outputs;
  const labels = ['string', 'int64'].map((dtype) => describe({ name: label, dtype, shape: [null] }));
  return [{ name: label, types: labels }, floats(probabilities, manifest.classes.length)];
}

/** Answers the first example, whose answer the original gave. */
async function checkExample(file: string, run: Run, manifest: Manifest): Promise<void> {
  const [example] = manifest.examples;
  const instances = { rows: example?.instances ?? [], pointerOf: (row: number) => `/examples/0/instances/${row}` };
  const actual = toPredictions(await run(toFeeds(instances, manifest)), manifest, instances);
  const expected = example?.predictions ?? [];
  if (!agree(actual, expected, manifest.parity.tolerance)) {
    const difference = `answers ${JSON.stringify(actual)}, and model.json says ${JSON.stringify(expected)}`;
    throw new ModelPackageError(file, `the first example: ${difference}`);
  }
}

function agree(actual: readonly Prediction[], expected: readonly Prediction[], tolerance: number): boolean {
  if (actual.length !== expected.length) return false;
  return actual.every((prediction, row) => {
    const [ours, theirs] = [toScores(prediction), toScores(expected[row] as Prediction)];
    const sameNames = ours.length === theirs.length && ours.every(([name], index) => name === theirs[index]?.[0]);
    return (
      sameNames && ours.every(([, score], index) => Math.abs(score - (theirs[index]?.[1] ?? Number.NaN)) <= tolerance)
    );
  });
}

/** A prediction as numbers by name; the label is one of the names. */
function toScores(prediction: Prediction): [string, number][] {
  if ('value' in prediction) return [['value', prediction.value]];
  return [[`label ${prediction.label}`, 1], ...Object.entries(prediction.probabilities)];
}
