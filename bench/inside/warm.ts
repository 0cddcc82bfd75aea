import type { Handler } from '../../functions/predict/handler.ts';
import { createContext } from './context.ts';
import { allocation, report, time } from './rounds.ts';

/** Measures one row through the function of the image: node warm.mjs event requests */
const [, , event = '', requests = ''] = process.argv;
const { handler } = (await import(`${process.cwd()}/app.mjs`)) as { handler: Handler };

const parsed = JSON.parse(event);
const call = (index: number) => handler(parsed, createContext(index));
report({ times: await time(Number(requests), call), allocated: await allocation(100, call) });
