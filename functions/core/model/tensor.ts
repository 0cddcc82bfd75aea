/** The type of a tensor's values. */
export type DType = 'float32' | 'float64' | 'int64' | 'bool' | 'string';

/** The type of a feature's values. The model reads timestamps as numbers. */
export type FeatureType = DType | 'timestamp';

/** A dense, row-major tensor. Booleans are stored as bytes 0 and 1. */
export interface Tensor {
  readonly dtype: DType;
  readonly dims: readonly number[];
  readonly data: TensorData;
}

export type TensorData = Float32Array | Float64Array | BigInt64Array | Uint8Array | string[];

/** Tensors by the name of the ONNX input or output. */
export type Tensors = Readonly<Record<string, Tensor>>;

/** Runs the model once: feeds in, fetches out. */
export type Run = (feeds: Tensors) => Promise<Tensors>;

export function mapTensors<T, U>(tensors: Readonly<Record<string, T>>, map: (tensor: T) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, map(tensor)]));
}
