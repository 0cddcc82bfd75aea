import { join } from 'node:path';
import { toInvocationError, toRequestError } from '../errors.ts';
import { toPointerStep } from '../pointer.ts';
import type { RunRows } from './chunks.ts';
import type { PointerOf } from './columns.ts';
import type { Manifest } from './manifest.ts';
import { createSession, type Session, type TensorType } from './onnx.ts';
import { outputsOf } from './outputs.ts';
import { type ModelPackage, ModelPackageError, readNamedPackage } from './package.ts';
import type { Prediction } from './prediction.ts';
import { replay } from './replay.ts';
import { withTerms } from './term-inputs.ts';

/** A loaded model whose package was verified and whose examples gave the right answers. */
export interface Model {
  readonly manifest: Manifest;
  readonly run: RunRows;
  /** Parses the background, against which answers are explained; undefined if the package has none. */
  readonly readBackground?: (() => unknown) | undefined;
}

/**
 * Loads the package in the folder `name` of `directory`. The package must have the same name. Throws ModelPackageError.
 */
export async function loadModel(directory: string, name: string): Promise<Model> {
  return openModel(join(directory, name), readNamedPackage(directory, name));
}

/**
 * Loads a model, and checks its inputs, its outputs and its answers to the examples. Throws ModelPackageError if they
 * differ from model.json, so that a model that answers wrongly never serves.
 */
export async function openModel(folder: string, content: ModelPackage): Promise<Model> {
  const { manifest, modelFile, model, readBackground } = content;
  const session = await createSession(model, withTerms(manifest)).catch((cause: Error) => {
    throw new ModelPackageError(modelFile, `cannot be loaded: ${cause.message}`, { cause });
  });
  checkSignature(modelFile, session, manifest);
  await checkExamples(join(folder, 'model.json'), session.run, manifest);
  return { manifest, run: session.run, readBackground };
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
  throw new ModelPackageError(file, `${what}: has ${actual.join(', ')}, but model.json says ${expected.join(' or ')}`);
}

function describe({ name, dtype, shape }: TensorType): string {
  return `${name} ${dtype}[${shape.map((dimension) => dimension ?? 'N').join(', ')}]`;
}

function expectedOutputs(manifest: Manifest): { name: string; types: string[] }[] {
  const floats = (name: string, width: number) => {
    return { name, types: ['float32', 'float64'].map((dtype) => describe({ name, dtype, shape: [null, width] })) };
  };
  return outputsOf(manifest).map(({ field, tensor: name, kind, columns }) => {
    if (kind === 'numbers') return floats(name, columns.length);
    const shape = field === 'label' ? [null] : [null, columns.length];
    return { name, types: [describe({ name, dtype: 'int64', shape })] };
  });
}

/**
 * The precision for a model that was not compared with an original: float32 results can differ by this much between the
 * machine that made the examples and this one.
 */
const uncompared = { tolerance: 1e-4, scale: 1 };

/** Runs the examples and compares the answers with those of the original model. */
async function checkExamples(file: string, run: RunRows, manifest: Manifest): Promise<void> {
  const { examples, parity } = manifest;
  const places = examples.flatMap(({ instances }, example) => instances.map((_, row) => ({ example, row })));
  const pointerOf: PointerOf = (index, key) => {
    const { example, row } = places[index] as (typeof places)[number];
    return `/examples/${example}/instances/${row}${toPointerStep(key)}`;
  };
  const answered = {
    instances: examples.flatMap(({ instances }) => instances),
    predictions: examples.flatMap<Prediction>(({ predictions }) => predictions),
  };
  const [difference] = await replay(answered, pointerOf, { manifest, run }, parity ?? uncompared).catch(
    (cause: Error) => {
      const { message } = toInvocationError(toRequestError(cause));
      throw new ModelPackageError(file, `an example has no answer: ${message}`, { cause });
    },
  );
  if (!difference) return;
  const { row, answer } = difference;
  const { example } = places[row] as (typeof places)[number];
  const says = `the model answers ${JSON.stringify(answer)}, but model.json says ${JSON.stringify(answered.predictions[row])}`;
  throw new ModelPackageError(file, `examples.${example}: ${says}`);
}
