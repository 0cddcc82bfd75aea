import { hash } from 'node:crypto';

/**
 * The file that holds the digests of a package's other files. `sha256sum` writes this format, and `sha256sum -c` checks
 * it.
 */
export const digestsFile = 'SHA256SUMS';

/** SHA-256 digests in lower-case hexadecimal, by file name. */
export type Digests = ReadonlyMap<string, string>;

/** Names must not contain a path, which could lead out of the package. */
const line = /^(?<digest>[0-9a-f]{64}) [ *](?<name>[A-Za-z0-9][A-Za-z0-9._-]*)$/;

/** Throws an Error that names the first malformed line. */
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

/** Formats digests sorted by name. */
export function formatDigests(digests: Digests): string {
  const names = [...digests.keys()].sort();
  return names.map((name) => `${digests.get(name)}  ${name}\n`).join('');
}

export function toDigest(bytes: Uint8Array): string {
  return hash('sha256', bytes);
}
