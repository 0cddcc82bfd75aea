import { mkdirSync, writeFileSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import { startServer } from '../helpers/server.ts';
import { launchBrowser } from './browser.ts';
import { takeDashboards } from './dashboard-pictures.ts';
import { openPlayground } from './playground.ts';
import { toPalette } from './png.ts';

/** The pictures of docs/screenshots/: each model's page, as a desk and a telephone show it. */
const folder = 'docs/screenshots';
const desk = { width: 1280, height: 900 };
const phone = { width: 390, height: 844 };

const pictures = [
  { model: 'iris', directory: 'models', viewport: desk, colorScheme: 'light' },
  { model: 'iris', directory: 'models', viewport: desk, colorScheme: 'dark' },
  { model: 'iris', directory: 'models', viewport: phone, colorScheme: 'light' },
  { model: 'iris', directory: 'models', viewport: phone, colorScheme: 'dark' },
  { model: 'churn', directory: 'models', viewport: desk, colorScheme: 'light' },
  { model: 'diabetes', directory: 'test/fixtures', viewport: desk, colorScheme: 'light' },
  { model: 'fifty', directory: 'test/fixtures', viewport: desk, colorScheme: 'dark' },
] as const;

async function take(browser: Browser, { model, directory, viewport, colorScheme }: (typeof pictures)[number]) {
  // The address of npm start stands in the page.
  const server = await startServer({ MODEL: model, MODELS_DIRECTORY: directory, PORT: '3000' });
  const { page } = await openPlayground(browser, server.url, { viewport, colorScheme });
  const examples = page.locator('.presets button');
  await examples.last().click();
  await page.waitForTimeout(1500);
  const png = await page.screenshot({ fullPage: true });
  writeFileSync(`${folder}/${model}-${viewport.width}-${colorScheme}.png`, toPalette(png));
  await page.context().close();
  await server.stop();
}

mkdirSync(folder, { recursive: true });
const browser = await launchBrowser();
for (const picture of pictures) await take(browser, picture);
await takeDashboards(browser, folder, [desk, phone]);
await browser.close();
