import { isRecord } from '../../../core/model/value.ts';
import { toPointerStep } from '../../../core/pointer.ts';
import { type Datatype, invalid } from './datatype.ts';

export type Parameters = Readonly<Record<string, unknown>>;

/**
 * The parameters that a request, an input and an output may have. Triton's priority and timeout are accepted and
 * ignored, because there is no queue here. MLServer copies the request's headers into its parameters.
 */
export const known = {
  request: ['binary_data_output', 'content_type', 'explanations', 'headers', 'priority', 'timeout'],
  input: ['binary_data_size', 'content_type'],
  output: ['binary_data', 'content_type'],
} as const;

/** Why other parameters of known clients are refused. */
const refusals: readonly (readonly [RegExp, string])[] = [
  [/^shared_memory_/, 'data in the body: this service shares no memory with its clients'],
  [/^sequence_/, 'no sequence: each request is answered by itself'],
  [/^classification$/, 'no classification of an output: ask for label or probabilities'],
];

/**
 * Reads parameters. Throws InvalidInput for one that is not in `known`. Null counts as left out, because some clients
 * write it.
 */
export function parseParameters(parameters: unknown, pointer: string, level: keyof typeof known): Parameters {
  if (parameters === undefined || parameters === null) return {};
  if (!isRecord(parameters)) throw invalid(pointer, 'an object', parameters);
  const names: readonly string[] = known[level];
  const given = Object.entries(parameters).filter(([, value]) => value !== null);
  for (const [name] of given) {
    if (names.includes(name)) continue;
    const refusal = refusals.find(([pattern]) => pattern.test(name));
    throw invalid(`${pointer}${toPointerStep(name)}`, refusal?.[1] ?? `no other parameter than ${names.join(', ')}`);
  }
  return Object.fromEntries(given);
}

/** Reads a boolean parameter; undefined if it is left out. */
export function parseFlag(flag: unknown, pointer: string): boolean | undefined {
  if (flag === undefined || flag === null) return undefined;
  if (typeof flag !== 'boolean') throw invalid(pointer, 'true or false', flag);
  return flag;
}

/**
 * MLServer's codecs. np and pd say how Python holds the tensor. The others decode each element, which is a text or a
 * time.
 */
export const contentTypes = {
  request: ['np', 'pd', 'str'],
  input: ['np', 'pd', 'str', 'base64', 'pd_json', 'datetime'],
  output: ['np', 'pd', 'str'],
} as const;

/**
 * Reads content_type. Throws InvalidInput for an unknown one, and for a codec of texts beside a datatype other than
 * BYTES.
 */
export function checkContentType(
  { content_type: type }: Parameters,
  pointer: string,
  level: keyof typeof contentTypes,
  datatype: Datatype | undefined,
): string | undefined {
  if (type === undefined) return undefined;
  const names: readonly string[] = contentTypes[level];
  const at = `${pointer}/content_type`;
  if (typeof type !== 'string' || !names.includes(type)) throw invalid(at, `one of ${names.join(', ')}`, type);
  const isText = type !== 'np' && type !== 'pd';
  if (isText && datatype !== undefined && datatype !== 'BYTES') throw invalid(at, `np or pd beside ${datatype}`);
  return type;
}
