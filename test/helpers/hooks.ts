import { buildPages } from '../../build/pages.ts';
import { killAll } from './process.ts';

/** What the image has beside the function, for tests that call the handler without the local server. */
export async function mochaGlobalSetup(): Promise<void> {
  await buildPages(process.env.PAGE_DIRECTORY ?? '');
}

export const mochaHooks = { afterAll: killAll };
