import { decodeUtf8 } from './utf8.ts';

/** What an element of BYTES stands for, by the content_type beside it. Undefined where it cannot be decoded. */
export const codecs: ReadonlyMap<string, (text: string) => unknown> = new Map<string, (text: string) => unknown>([
  ['base64', decodeBase64],
  // Of a column of strings with gaps, as pandas has it.
  ['pd_json', decodeJson],
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
