import type { Context } from 'mocha';
import { buildPages } from '../../build/pages.ts';
import { killAll } from './process.ts';
import { configureProperties, noteTest } from './replay.ts';

configureProperties();

/**
 * Builds the pages that the image contains beside the function. Tests that call the handler without the local server
 * need them.
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

// Without this, mocha would end workers before they have written their coverage: it sends SIGTERM after one second.
if (process.env.NODE_V8_COVERAGE) process.on('SIGTERM', () => {});
