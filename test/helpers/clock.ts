/**
 * This module is imported into a process before the process's own code. Then a message `{ moveMs }` moves the clocks of
 * the process forward, as they jump when a snapshot is restored.
 */
let movedMs = 0;

const RealDate = Date;
globalThis.Date = class extends RealDate {
  constructor(...parameters: [] | [number | string]) {
    super(...((parameters.length === 0 ? [RealDate.now() + movedMs] : parameters) as [number]));
  }
  static override now() {
    return RealDate.now() + movedMs;
  }
} as DateConstructor;

const now = performance.now.bind(performance);
performance.now = () => now() + movedMs;

process.on('message', (message: { readonly moveMs?: number }) => {
  movedMs += message.moveMs ?? 0;
});
