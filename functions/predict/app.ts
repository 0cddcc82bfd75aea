import { start } from './start.ts';

/** The function that Lambda calls, and the model that it serves. */
export const { model, handler } = await start();
