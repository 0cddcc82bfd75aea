import { setTimeout as wait } from 'node:timers/promises';
import type { Manifest } from '../../functions/core/model/manifest.ts';
import type { Handler } from '../../functions/predict/handler.ts';
import type { Act } from '../dashboard/board.ts';
import { type DemoRequest, drawRequest, toLargeRequest } from './requests.ts';
import { createRows } from './rows.ts';
import { createScript } from './script.ts';
import { createTrouble, userAgent } from './trouble.ts';

/** Traffic for the local dashboard, with something for each alarm to see. */
export interface Demo {
  /** What it gives the template's parameters: a threshold that a machine of any speed comes to. */
  readonly parameters: Readonly<Record<string, string>>;
  /** The handler, and what befalls the demo's own requests. */
  trouble(handler: Handler): Handler;
  /** Sends requests until it is stopped. */
  start(url: string): void;
  stop(): void;
  acts(): readonly Act[];
}

/** What callers send in a second, usually and in a burst. */
const rates = { usual: 4, burst: 40 };

/** Milliseconds until the answer to a large request, at least. */
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
      // As they come where nobody waits for anybody: at random.
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

/** Whatever comes back: the dashboard shows it. */
async function send(url: string, { path, headers, ...request }: DemoRequest, signal: AbortSignal): Promise<void> {
  try {
    const own = { 'content-type': 'application/json', 'user-agent': userAgent };
    const response = await fetch(`${url}${path}`, { ...request, headers: { ...own, ...headers }, signal });
    await response.arrayBuffer();
  } catch {
    // It was stopped.
  }
}

/** Large requests one after the other, with more and more rows until one takes long: a model may need few for that, or many. */
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
