import { setTimeout as wait } from 'node:timers/promises';
import type { Handler } from '../../functions/predict/handler.ts';
import { Throttled } from '../gateway.ts';
import type { Random } from './rows.ts';
import type { Kind } from './script.ts';

/** Of the demo's requests alone: who opens the playground beside it is answered as ever. */
export const userAgent = 'sepal-demo';

/** How many invocations a new account may have at once, and what the start of an environment takes about. */
const mostAtOnce = 10;
const startMs = 500;

/** Lambda at its limits, and a function that crashes, as long as the script says so. */
export function createTrouble(handler: Handler, isOn: (kind: Kind) => boolean, random: Random): Handler {
  let running = 0;
  return async (event, context) => {
    if (!isOfDemo(event)) return handler(event, context);
    if (running >= mostAtOnce) throw new Throttled();
    running += 1;
    try {
      if (isOn('burst')) await wait(startMs);
      if (isOn('crash') && random() < 1 / 3) throw toCrash();
      return await handler(event, context);
    } finally {
      running -= 1;
    }
  };
}

function isOfDemo(event: unknown): boolean {
  const { headers } = event as { headers?: Record<string, string> };
  return headers?.['user-agent'] === userAgent;
}

/** On purpose: where it was thrown is of no interest to anybody. */
function toCrash(): Error {
  const crash = new Error('the demo has crashed the function');
  crash.stack = crash.message;
  return crash;
}
