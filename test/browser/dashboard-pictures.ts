import { writeFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import type { Browser, BrowserContextOptions } from 'playwright-core';
import { startServer } from '../helpers/server.ts';
import { toPalette } from './png.ts';

/** The milliseconds after which the demo has played every scene, and the last scene is still visible. */
const playedMs = 80_000;

/** Takes pictures of the local dashboard with its demo, in each viewport, with light and dark colours. */
export async function takeDashboards(browser: Browser, folder: string, viewports: readonly Viewport[]): Promise<void> {
  const server = await startServer({ PORT: '3000' }, '--demo');
  await wait(playedMs);
  for (const viewport of viewports) {
    for (const colorScheme of ['light', 'dark'] as const) {
      const page = await browser.newPage({ viewport, colorScheme });
      await page.goto(`${server.url}/dashboard`);
      await page.locator('.legend').first().waitFor();
      await page.waitForTimeout(500);
      const png = await page.screenshot({ fullPage: true });
      writeFileSync(`${folder}/dashboard-${viewport.width}-${colorScheme}.png`, toPalette(png));
      await page.close();
    }
  }
  await server.stop();
}

type Viewport = NonNullable<BrowserContextOptions['viewport']>;
