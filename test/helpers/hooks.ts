import type { Context } from 'mocha';
import { buildPages } from '../../build/pages.ts';
import { killAll } from './process.ts';
import { configureProperties, noteTest } from './replay.ts';

configureProperties();

/**
 * Builds the pages that are beside the function in the image, for tests that call the handler without the local server.
 */
export async function mochaGlobalSetup(): Promise<void> {
  await buildPages(process.env.PAGE_DIRECTORY ?? '');
}

export const mochaHooks = {
  beforeEach(this: Context) {
    noteTest(this.currentTest?.file, this.currentTest?.fullTitle() ?? '');
  },
  afterAll: killAll,
};

// mocha sends this signal to workers that take more than a second to exit, and writing the coverage takes longer.
if (process.env.NODE_V8_COVERAGE) process.on('SIGTERM', () => {});
