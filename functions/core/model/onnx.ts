import { env, Tensor as OrtTensor } from 'onnxruntime-node';
// What InferenceSession of onnxruntime-node wraps. The wrapper defers each run to a later turn of the event loop, where
// it blocks just as long: one row then takes a fifth longer (bench/NOTES.md). The version is pinned for it.
import { type Binding, binding, initOrt } from 'onnxruntime-node/dist/binding.js';
import { inChunks, type RunRows } from './chunks.ts';
import { inPairs } from './pairs.ts';
import { mapTensors, type Run, type Tensor } from './tensor.ts';

/** A tensor that the model takes or gives; null stands for a dimension that varies. */
export interface TensorType {
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly (number | null)[];
}

export interface Session {
  readonly inputs: readonly TensorType[];
  readonly outputs: readonly TensorType[];
  readonly run: RunRows;
}

/**
 * One thread: `run` blocks the event loop whatever their number, rows are short, and one thread adds floating-point
 * numbers in one order. Basic optimisations: the further ones fuse a float64 scale into an attribute of float32
 * (MatMulScaleFusion). Weights in other files are refused: ONNX Runtime takes no path that is absolute or leads out of the
 * folder that it looks in, which would be the working directory, and finds no other in a folder that is none.
 */
const options = {
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  graphOptimizationLevel: 'basic',
  extra: { session: { model_external_initializers_file_folder_path: '/dev/null' } },
} as const;

/** Loads a model from its bytes; `prepare` makes the model's inputs of what is fed. Released sessions leak: create one a process (microsoft/onnxruntime#25325). */
export async function createSession(
  { buffer, byteOffset, byteLength }: Uint8Array,
  prepare: (run: Run) => Run = (run) => run,
): Promise<Session> {
  // Latched at the first call.
  env.logLevel = 'error';
  initOrt();
  const session = new binding.InferenceSession();
  session.loadModel(buffer as ArrayBuffer, byteOffset, byteLength, options);
  const outputs = session.outputMetadata.map(toTensorType);
  const fetches = Object.fromEntries(outputs.map(({ name }) => [name, null]));
  const run: Run = async (feeds) => mapTensors(session.run(mapTensors(feeds, toOrtTensor), fetches, {}), fromOrtTensor);
  return { inputs: session.inputMetadata.map(toTensorType), outputs, run: inChunks(prepare(inPairs(run))) };
}

/** TensorProto.DataType of onnx.proto, from 1 on. */
const dtypes = [
  ...['float32', 'uint8', 'int8', 'uint16', 'int16', 'int32', 'int64', 'string', 'bool', 'float16', 'float64'],
  ...['uint32', 'uint64'],
];

function toTensorType({ name, isTensor, type, shape }: Binding.ValueMetadata): TensorType {
  if (!isTensor) return { name, dtype: 'no tensor', shape: [] };
  // A dimension that varies is -1, also where it has a symbolic name.
  return { name, dtype: dtypes[type - 1] ?? `type ${type}`, shape: shape.map((size) => (size < 0 ? null : size)) };
}

function toOrtTensor({ dtype, data, dims }: Tensor): OrtTensor {
  return new OrtTensor(dtype, data as OrtTensor.DataType, dims);
}

function fromOrtTensor(value: unknown): Tensor {
  const { type, data, dims } = value as OrtTensor;
  return { dtype: type as Tensor['dtype'], data: data as Tensor['data'], dims };
}
