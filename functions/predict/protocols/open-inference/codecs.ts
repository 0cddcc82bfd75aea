import { decodeUtf8 } from './utf8.ts';

interface Codec {
  readonly expected: string;
  /** Decodes an element of type BYTES; undefined if that fails. */
  readonly decode: (text: string) => unknown;
}

/** Codecs by the content_type of a tensor. */
export const codecs: ReadonlyMap<string, Codec> = new Map<string, Codec>([
  ['base64', { expected: 'the base64 of a string in UTF-8', decode: decodeBase64 }],
  // MLServer uses it for pandas columns of strings with missing values.
  ['pd_json', { expected: 'the JSON of a value', decode: decodeJson }],
]);

function decodeBase64(text: string): string | undefined {
  const bytes = Buffer.from(text, 'base64');
  // Buffer silently skips invalid characters, so compare with the text.
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
