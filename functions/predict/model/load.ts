import { toInvocationError, toRequestError } from '../errors.ts';
import { defaultLimits } from '../limits.ts';
import { toPointerStep } from '../pointer.ts';
import { type Instances, type PointerOf, toFeeds } from './columns.ts';
import type { Manifest } from './manifest.ts';
import { createSession, type Session, type TensorType } from './onnx.ts';
import { ModelPackageError, readPackage } from './package.ts';
import { type Prediction, toPredictions, toRecords } from './prediction.ts';
import type { Run } from './tensor.ts';

/** A model that was checked and answers. */
export interface Model {
  readonly manifest: Manifest;
  readonly run: Run;
}

/** Loads a package and proves that it works: a model that would answer wrongly never serves. Throws ModelPackageError. */
export async function loadModel(directory: string, name: string): Promise<Model> {
  const { manifest, modelFile, model } = readPackage(directory, name);
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
  const position = describe({ name: label, dtype: 'int64', shape: [null] });
  return [{ name: label, types: [position] }, floats(probabilities, manifest.classes.length)];
}

/** Answers the first example, whose answer the original gave. */
async function checkExample(file: string, run: Run, manifest: Manifest): Promise<void> {
  const { instances: rows = [], predictions: expected = [] } = manifest.examples[0] ?? {};
  const pointerOf: PointerOf = (row, key) => `/examples/0/instances/${row}${toPointerStep(key)}`;
  const actual = await answerExample({ rows, pointerOf }, run, manifest).catch((cause: Error) => {
    throw new ModelPackageError(
      file,
      `the first example has no answer: ${toInvocationError(toRequestError(cause)).message}`,
      { cause },
    );
  });
  const { scale, tolerance } = manifest.parity;
  const agrees =
    actual.length === expected.length &&
    actual.every((answer, row) => isNear(answer, expected[row], scale * tolerance));
  if (!agrees) {
    const difference = `answers ${JSON.stringify(actual)}, and model.json says ${JSON.stringify(expected)}`;
    throw new ModelPackageError(file, `the first example: ${difference}`);
  }
}

async function answerExample(instances: Instances, run: Run, manifest: Manifest): Promise<Prediction[]> {
  const fetches = await run(toFeeds(instances, manifest, defaultLimits));
  return toRecords(toPredictions(fetches, manifest, instances));
}

function isNear(actual: Prediction, expected: Prediction | undefined, tolerance: number): boolean {
  const near = (ours: number, theirs = Number.NaN) => Math.abs(ours - theirs) <= tolerance;
  if (!expected) return false;
  if ('value' in actual) return 'value' in expected && near(actual.value, expected.value);
  if ('value' in expected || actual.label !== expected.label) return false;
  const classes = Object.keys(actual.probabilities);
  return (
    classes.join() === Object.keys(expected.probabilities).join() &&
    classes.every((name) => near(actual.probabilities[name] ?? Number.NaN, expected.probabilities[name]))
  );
}
