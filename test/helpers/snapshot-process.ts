import { readdirSync, readlinkSync } from 'node:fs';
import { createContext } from '../../local/context.ts';
import { captureOutput } from './output.ts';

/** A process that starts as Lambda starts one for a snapshot: it says when the start is over, and answers the events that it is sent. */
const before = findSockets();
const { handler } = await import('../../functions/predict/start/app.ts');
process.on('message', async ({ id, event }: { readonly id?: string; readonly event?: unknown }) => {
  if (id === undefined) return;
  process.send?.(await captureOutput(() => handler(event, createContext(id))));
});
const opened = findSockets().filter((socket) => !before.includes(socket));
process.send?.({ opened, random: Math.random() });

/** That this process holds, by what Linux calls them. */
function findSockets(): string[] {
  return readdirSync('/proc/self/fd').flatMap((descriptor) => {
    try {
      const file = readlinkSync(`/proc/self/fd/${descriptor}`);
      return file.startsWith('socket:') ? [file] : [];
    } catch {
      // It was the folder's own.
      return [];
    }
  });
}
