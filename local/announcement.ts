import type { Manifest } from '../functions/core/model/manifest.ts';

/** What the server prints when it is ready, with a line to paste into a shell. */
export function toAnnouncement({ name, version, examples }: Manifest, url: string, door: string): string {
  const row = JSON.stringify(examples[0]?.instances[0]).replaceAll("'", "'\\''");
  return `${name} ${version} is served on ${url} as behind ${door}
  ${url}/ to try it, ${url}/dashboard for what it emits
  curl -XPOST ${url}/predict -d '${row}'`;
}
