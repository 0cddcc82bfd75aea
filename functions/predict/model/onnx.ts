import { env, InferenceSession, Tensor as OrtTensor } from 'onnxruntime-node';
import { inChunks } from './chunks.ts';
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
  readonly run: Run;
}

/**
 * One thread: `run` blocks the event loop whatever their number, rows are short, and one thread adds floating-point
 * numbers in one order. Basic optimisations: the further ones fuse a float64 scale into an attribute of float32
 * (MatMulScaleFusion). Weights in other files are refused: ONNX Runtime takes no path that is absolute or leads out of the
 * folder that it looks in, which would be the working directory, and finds no other in a folder that is none.
 */
const options: InferenceSession.SessionOptions = {
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  graphOptimizationLevel: 'basic',
  extra: { session: { model_external_initializers_file_folder_path: '/dev/null' } },
};

/** Loads a model from its bytes. Released sessions leak: create one a process (microsoft/onnxruntime#25325). */
export async function createSession(model: Uint8Array): Promise<Session> {
  // Latched at the first create.
  env.logLevel = 'error';
  const session = await InferenceSession.create(model, options);
  return {
    inputs: session.inputMetadata.map(toTensorType),
    outputs: session.outputMetadata.map(toTensorType),
    run: inChunks(async (feeds) => mapTensors(await session.run(mapTensors(feeds, toOrtTensor)), fromOrtTensor)),
  };
}

function toTensorType(metadata: InferenceSession.ValueMetadata): TensorType {
  if (!metadata.isTensor) return { name: metadata.name, dtype: 'no tensor', shape: [] };
  // A dimension that varies comes as its symbolic name, which may be empty.
  const shape = metadata.shape.map((dimension) => (typeof dimension === 'number' ? dimension : null));
  return { name: metadata.name, dtype: metadata.type, shape };
}

function toOrtTensor({ dtype, data, dims }: Tensor): OrtTensor {
  return new OrtTensor(dtype, data as OrtTensor.DataType, dims);
}

function fromOrtTensor({ type, data, dims }: OrtTensor): Tensor {
  return { dtype: type as Tensor['dtype'], data: data as Tensor['data'], dims };
}
