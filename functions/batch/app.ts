import { start } from './start.ts';

/** The Lambda function for batch jobs. The state machine calls it once for each state. */
export const handler = await start();
