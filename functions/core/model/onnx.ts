import { env, Tensor as OrtTensor } from 'onnxruntime-node';
// The native binding that onnxruntime-node's InferenceSession wraps. The wrapper defers each run to a later turn of the
// event loop, which the run then blocks for just as long. So the wrapper has no benefit here, and a single row takes a
// fifth longer with it (docs/decisions.md). The version of onnxruntime-node is pinned, because the binding is not a
// public API.
import { type Binding, binding, initOrt } from 'onnxruntime-node/dist/binding.js';
import { inChunks, type RunRows } from './chunks.ts';
import { inPairs } from './pairs.ts';
import { mapTensors, type Run, type Tensor } from './tensor.ts';

/** The type of a model's input or output. A null in the shape is a dimension that varies. */
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
 * One thread: rows are few, `run` blocks the event loop with any number of threads, and one thread always adds
 * floating-point numbers in the same order.
 *
 * Basic optimisations: the extended ones fuse a float64 scale into a float32 attribute (MatMulScaleFusion), which
 * changes results.
 *
 * Weights in external files are refused. ONNX Runtime refuses paths that are absolute or leave the folder it looks in.
 * By default that is the working directory; /dev/null is not a folder, so no file is ever found.
 */
const options = {
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  graphOptimizationLevel: 'basic',
  extra: { session: { model_external_initializers_file_folder_path: '/dev/null' } },
} as const;

/**
 * Loads a model from its bytes. `prepare` wraps `run`, for example to make terms of texts. Create one session per
 * process: released sessions leak memory (microsoft/onnxruntime#25325).
 */
export async function createSession(
  { buffer, byteOffset, byteLength }: Uint8Array,
  prepare: (run: Run) => Run = (run) => run,
): Promise<Session> {
  // initOrt reads the level at its first call only.
  env.logLevel = 'error';
  initOrt();
  const session = new binding.InferenceSession();
  session.loadModel(buffer as ArrayBuffer, byteOffset, byteLength, options);
  const outputs = session.outputMetadata.map(toTensorType);
  const fetches = Object.fromEntries(outputs.map(({ name }) => [name, null]));
  const run: Run = async (feeds) => mapTensors(session.run(mapTensors(feeds, toOrtTensor), fetches, {}), fromOrtTensor);
  return { inputs: session.inputMetadata.map(toTensorType), outputs, run: inChunks(prepare(inPairs(run))) };
}

/** The values of TensorProto.DataType in onnx.proto, from 1 on. */
const dtypes = [
  ...['float32', 'uint8', 'int8', 'uint16', 'int16', 'int32', 'int64', 'string', 'bool', 'float16', 'float64'],
  ...['uint32', 'uint64'],
];

function toTensorType({ name, isTensor, type, shape }: Binding.ValueMetadata): TensorType {
  if (!isTensor) return { name, dtype: 'no tensor', shape: [] };
  // A dimension that varies is -1, even if it has a symbolic name.
  return { name, dtype: dtypes[type - 1] ?? `type ${type}`, shape: shape.map((size) => (size < 0 ? null : size)) };
}

function toOrtTensor({ dtype, data, dims }: Tensor): OrtTensor {
  return new OrtTensor(dtype, data as OrtTensor.DataType, dims);
}

function fromOrtTensor(value: unknown): Tensor {
  const { type, data, dims } = value as OrtTensor;
  return { dtype: type as Tensor['dtype'], data: data as Tensor['data'], dims };
}
