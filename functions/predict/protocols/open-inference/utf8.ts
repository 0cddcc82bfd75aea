/** A byte order mark is part of a value. */
const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });

/** Undefined for what is no UTF-8, and for what a client decoded wrongly before and so holds U+FFFD. */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  const text = utf8.decode(bytes);
  return text.includes('\uFFFD') ? undefined : text;
}
