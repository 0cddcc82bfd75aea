import { start } from './start.ts';

/** The entry of the Lambda function, and the model that it serves. */
export const { model, handler } = await start();
