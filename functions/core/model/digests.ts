import { hash } from 'node:crypto';

/** The file of a package that holds the digests of its others, as `sha256sum` writes it and `sha256sum -c` reads it. */
export const digestsFile = 'SHA256SUMS';

/** The SHA-256 of a file, in lower-case hexadecimal, by the file's name. */
export type Digests = ReadonlyMap<string, string>;

/** No path: a name must not lead out of the package. */
const line = /^(?<digest>[0-9a-f]{64}) [ *](?<name>[A-Za-z0-9][A-Za-z0-9._-]*)$/;

/** Throws an Error that says which line is none. */
export function parseDigests(text: string): Digests {
  const digests = new Map<string, string>();
  for (const [index, content] of text.replace(/\n$/, '').split('\n').entries()) {
    const { digest = '', name = '' } = line.exec(content)?.groups ?? {};
    if (!name) throw new Error(`line ${index + 1}: expected 64 hexadecimal digits, two spaces and the name of a file`);
    if (digests.has(name)) throw new Error(`line ${index + 1}: ${name} is listed twice`);
    digests.set(name, digest);
  }
  return digests;
}

/** Sorted by name. */
export function formatDigests(digests: Digests): string {
  const names = [...digests.keys()].sort();
  return names.map((name) => `${digests.get(name)}  ${name}\n`).join('');
}

export function toDigest(bytes: Uint8Array): string {
  return hash('sha256', bytes);
}
