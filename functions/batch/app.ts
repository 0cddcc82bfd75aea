import { start } from './start.ts';

/** The function that the state machine calls, once for each state. */
export const handler = await start();
