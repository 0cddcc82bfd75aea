import type { Handler } from '../../functions/predict/handler.ts';
import { createContext } from './context.ts';
import { allocation, report, time } from './rounds.ts';

/**
 * Measures requests of one row in the image, whose app.mjs is in the working directory: node warm.mjs event requests.
 * `event` is the event's JSON, `requests` the number of measured calls.
 */
const [, , event = '', requests = ''] = process.argv;
const { handler } = (await import(`${process.cwd()}/app.mjs`)) as { handler: Handler };

const parsed = JSON.parse(event);
const call = (index: number) => handler(parsed, createContext(index));
report({ times: await time(Number(requests), call), allocated: await allocation(100, call) });
