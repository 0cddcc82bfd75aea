import { setTimeout as wait } from 'node:timers/promises';
import type { Manifest } from '../../functions/core/model/manifest.ts';
import type { Handler } from '../../functions/predict/handler.ts';
import type { Act } from '../dashboard/board.ts';
import { type DemoRequest, drawRequest, toLargeRequest } from './requests.ts';
import { createRows } from './rows.ts';
import { createScript } from './script.ts';
import { createTrouble, userAgent } from './trouble.ts';

/** Traffic for the local server that sets off the alarms of its dashboard. */
export interface Demo {
  /** Values for the template's parameters: an alarm threshold that the latency reaches on a machine of any speed. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Wraps a handler with the failures that only the demo's own requests meet. */
  trouble(handler: Handler): Handler;
  /** Sends requests until it is stopped. */
  start(url: string): void;
  stop(): void;
  acts(): readonly Act[];
}

/** Requests a second, usually and in a burst. */
const rates = { usual: 4, burst: 40 };

/** A large request should take at least this many milliseconds. */
const longMs = 150;

export function createDemo(manifest: Manifest): Demo {
  const now = () => Date.now() / 1000;
  const { draw, drifting } = createRows(manifest, Math.random);
  const script = createScript(now(), drifting);
  const end = new AbortController();
  const sendLarge = createLargeSender((count) => toLargeRequest(draw, manifest, count));
  const run = async (url: string) => {
    while (!end.signal.aborted) {
      void send(url, drawRequest(draw, script.drifted(now()), Math.random), end.signal);
      if (script.isOn('large', now())) void sendLarge((request) => send(url, request, end.signal));
      // Waits for a random time, because the requests of independent callers come at random times.
      const rate = script.isOn('burst', now()) ? rates.burst : rates.usual;
      await wait((-1000 * Math.log(1 - Math.random())) / rate, undefined, { signal: end.signal });
    }
  };
  return {
    parameters: { LatencyAlarmMs: '50' },
    trouble: (handler) => createTrouble(handler, (kind) => script.isOn(kind, now()), Math.random),
    start: (url) => void run(url).catch(() => undefined),
    stop: () => end.abort(),
    acts: () => script.acts(now()),
  };
}

/** Sends a request, and ignores the answer, because the dashboard shows it. */
async function send(url: string, { path, headers, ...request }: DemoRequest, signal: AbortSignal): Promise<void> {
  try {
    const own = { 'content-type': 'application/json', 'user-agent': userAgent };
    const response = await fetch(`${url}${path}`, { ...request, headers: { ...own, ...headers }, signal });
    await response.arrayBuffer();
  } catch {
    // The demo was stopped, or the server has closed the connection.
  }
}

/**
 * Sends one large request at a time. The number of rows doubles until a request takes `longMs`, because the time for a
 * row depends on the model.
 */
function createLargeSender(toRequest: (count: number) => DemoRequest) {
  let [count, isUnderWay] = [4000, false];
  return async (send: (request: DemoRequest) => Promise<void>) => {
    if (isUnderWay) return;
    isUnderWay = true;
    const start = performance.now();
    await send(toRequest(count));
    if (performance.now() - start < longMs) count *= 2;
    await wait(500);
    isUnderWay = false;
  };
}
