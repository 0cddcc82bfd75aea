import { readdirSync, readlinkSync } from 'node:fs';
import { createContext } from '../../local/context.ts';
import { captureOutput } from './output.ts';

/**
 * A process that starts as Lambda starts one for a snapshot. It sends a message when its start is over, and then
 * answers the events that it receives.
 */
const before = findSockets();
const { handler } = await import('../../functions/predict/start/app.ts');
process.on('message', async ({ id, event }: { readonly id?: string; readonly event?: unknown }) => {
  if (id === undefined) return;
  process.send?.(await captureOutput(() => handler(event, createContext(id))));
});
const opened = findSockets().filter((socket) => !before.includes(socket));
process.send?.({ opened, random: Math.random() });

/** The sockets that this process has open, by their names in Linux. */
function findSockets(): string[] {
  return readdirSync('/proc/self/fd').flatMap((descriptor) => {
    try {
      const file = readlinkSync(`/proc/self/fd/${descriptor}`);
      return file.startsWith('socket:') ? [file] : [];
    } catch {
      // readdirSync had opened the folder itself with this descriptor, and has closed it since.
      return [];
    }
  });
}
