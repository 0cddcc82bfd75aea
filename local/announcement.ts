import type { Manifest } from '../functions/core/model/manifest.ts';

/** Returns the text that the server prints when it is ready, with a command to paste into a shell. */
export function toAnnouncement(manifest: Manifest, url: string, door: string, isDemo = false): string {
  const { name, version, examples } = manifest;
  const row = JSON.stringify(examples[0]?.instances[0]).replaceAll("'", "'\\''");
  return `${name} ${version} is served on ${url}, which behaves like ${door}
  ${url}/ to try it, ${url}/dashboard for its metrics and alarms
  curl -XPOST ${url}/predict -d '${row}'${isDemo ? `\n\n${toDemoText(url)}` : ''}`;
}

function toDemoText(url: string): string {
  return `The demo sends requests to ${url} until you press Ctrl-C. Within two minutes they set off the alarms that
  ${url}/dashboard shows.`;
}
