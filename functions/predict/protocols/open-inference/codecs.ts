import { decodeUtf8 } from './utf8.ts';

interface Codec {
  readonly expected: string;
  /** What an element of BYTES stands for. Undefined where it cannot be decoded. */
  readonly decode: (text: string) => unknown;
}

/** By the content_type beside an element. */
export const codecs: ReadonlyMap<string, Codec> = new Map<string, Codec>([
  ['base64', { expected: 'the base64 of a string in UTF-8', decode: decodeBase64 }],
  // Of a column of strings with gaps, as pandas has it.
  ['pd_json', { expected: 'the JSON of a value', decode: decodeJson }],
]);

function decodeBase64(text: string): string | undefined {
  const bytes = Buffer.from(text, 'base64');
  // Buffer skips whatever is no digit.
  return bytes.toString('base64') === text ? decodeUtf8(bytes) : undefined;
}

function decodeJson(text: string): unknown {
  if (text === 'NaN') return Number.NaN;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
