import { setTimeout as wait } from 'node:timers/promises';
import type { Handler } from '../../functions/predict/handler.ts';
import { Throttled } from '../gateway.ts';
import type { Random } from './rows.ts';
import type { Kind } from './script.ts';

/**
 * The user agent of the demo's own requests. Only these requests fail or are slow: a person who opens the playground
 * meanwhile is answered as usual.
 */
export const userAgent = 'sepal-demo';

/**
 * The number of invocations that a new AWS account may run at once, and about how many milliseconds an environment
 * takes to start.
 */
const mostAtOnce = 10;
const startMs = 500;

/** Wraps a handler so that it is throttled, starts slowly and crashes when the script says so. */
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
  const { headers, multiValueHeaders } = event as {
    headers?: Record<string, string>;
    multiValueHeaders?: Record<string, string[]>;
  };
  return (headers?.['user-agent'] ?? multiValueHeaders?.['user-agent']?.[0]) === userAgent;
}

/** The crash is intended, so its stack trace is left out. */
function toCrash(): Error {
  const crash = new Error('the demo has crashed the function');
  crash.stack = crash.message;
  return crash;
}
