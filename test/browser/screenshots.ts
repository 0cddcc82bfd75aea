import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { writeHundredPackage } from '../helpers/hundred-package.ts';
import { startServer } from '../helpers/server.ts';
import { launchBrowser } from './browser.ts';
import { takeDashboards } from './dashboard-pictures.ts';
import { openPlayground } from './playground.ts';
import { toPalette } from './png.ts';

/** This script takes the pictures in this folder: playgrounds and the dashboard on a desktop screen and a phone. */
const folder = 'docs/screenshots';
const desk = { width: 1280, height: 900 };
const phone = { width: 390, height: 844 };

/** A temporary folder for the package of 100 features, which is not in the repository. */
const made = mkdtempSync(join(tmpdir(), 'sepal-'));
writeHundredPackage(made);

const pictures = [
  { model: 'iris', directory: 'models', viewport: desk, colorScheme: 'light' },
  { model: 'iris', directory: 'models', viewport: desk, colorScheme: 'dark' },
  { model: 'iris', directory: 'models', viewport: phone, colorScheme: 'light' },
  { model: 'iris', directory: 'models', viewport: phone, colorScheme: 'dark' },
  { model: 'churn', directory: 'models', viewport: desk, colorScheme: 'light' },
  { model: 'churn', directory: 'models', viewport: phone, colorScheme: 'dark' },
  { model: 'diabetes', directory: 'test/fixtures', viewport: desk, colorScheme: 'light' },
  { model: 'fifty', directory: 'test/fixtures', viewport: desk, colorScheme: 'dark' },
  { model: 'hundred', directory: made, viewport: desk, colorScheme: 'light' },
  { model: 'hundred', directory: made, viewport: phone, colorScheme: 'dark' },
  { model: 'times', directory: 'test/fixtures', viewport: desk, colorScheme: 'light' },
  { model: 'tickets', directory: 'test/fixtures/texts', viewport: desk, colorScheme: 'dark' },
  { model: 'targets', directory: 'test/fixtures/answers', viewport: desk, colorScheme: 'light' },
  { model: 'outliers', directory: 'test/fixtures/answers', viewport: desk, colorScheme: 'light' },
] as const;

async function take(browser: Browser, { model, directory, viewport, colorScheme }: (typeof pictures)[number]) {
  // The page shows its address, and with this port it is the address of `npm start`.
  const server = await startServer({ MODEL: model, MODELS_DIRECTORY: directory, PORT: '3000' });
  const { page } = await openPlayground(browser, server.url, { viewport, colorScheme });
  const examples = page.locator('.presets button');
  await examples.last().click();
  // A map requests predictions only when it is in view, and again when the row has changed.
  const map = page.locator('.map');
  if (await map.count()) await map.scrollIntoViewIfNeeded();
  await page.waitForTimeout(2500);
  await page.evaluate('scrollTo(0, 0)');
  // The line at the bottom of a phone's screen disappears when the answer is in view.
  await page.locator('.readout').waitFor({ state: 'hidden' });
  const png = await page.screenshot({ fullPage: true });
  writeFileSync(`${folder}/${model}-${viewport.width}-${colorScheme}.png`, toPalette(png));
  await page.context().close();
  await server.stop();
}

mkdirSync(folder, { recursive: true });
const browser = await launchBrowser();
// Takes all pictures, or only those that the arguments name: a model such as `iris`, or `dashboard`.
const wanted = process.argv.slice(2);
const isWanted = (name: string) => wanted.length === 0 || wanted.includes(name);
for (const picture of pictures.filter(({ model }) => isWanted(model))) await take(browser, picture);
if (isWanted('dashboard')) await takeDashboards(browser, folder, [desk, phone]);
await browser.close();
rmSync(made, { recursive: true });
