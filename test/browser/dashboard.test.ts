import { expect } from 'chai';
import type { Browser, BrowserContextOptions } from 'playwright-core';
import { readTemplate } from '../helpers/cloudformation.ts';
import { readWidgets } from '../helpers/dashboard.ts';
import { type Server, startServer } from '../helpers/server.ts';
import { findViolations } from './accessibility.ts';
import { launchBrowser } from './browser.ts';
import { ask, eventually } from './playground.ts';

const isOfBatch = (title: string) => title.startsWith('Batch: ');

describe('the local dashboard', () => {
  let browser: Browser;
  let server: Server;
  before(async () => {
    [browser, server] = await Promise.all([launchBrowser(), startServer()]);
  });
  afterEach(async () => {
    await Promise.all(browser.contexts().map((context) => context.close()));
  });
  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  const open = async (options: BrowserContextOptions = {}) => {
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 }, ...options });
    const complaints: string[] = [];
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.goto(`${server.url}/dashboard`);
    await page.getByRole('heading', { name: 'Traffic' }).waitFor();
    return { page, complaints };
  };

  it("draws the template's widgets, and updates them when the handler emits metrics", async () => {
    const { page, complaints } = await open();
    const titles = readWidgets(readTemplate()).flatMap(({ properties }) => properties.title ?? []);
    // The stack has the batch widgets only if its parameter Batch is on, and here it is off.
    const [ofBatch, others] = [titles.filter(isOfBatch), titles.filter((title) => !isOfBatch(title))];
    for (const title of others) await page.getByRole('heading', { name: title, exact: true }).waitFor();
    for (const title of ofBatch) expect(await page.getByRole('heading', { name: title }).count(), title).to.equal(0);
    const classes = page.locator('section', { hasText: 'Predictions per class, in' });
    expect(await classes.getByRole('listitem').count()).to.equal(0);
    await ask(server.url, [5.1, 3.5, 1.4, 0.2]);
    await classes
      .getByRole('listitem')
      .filter({ hasText: /setosa.*1 · 100 %/ })
      .waitFor();
    await page
      .locator('.figures div')
      .filter({ hasText: /^requests1$/ })
      .waitFor();
    expect(complaints).to.deep.equal([]);
  });

  it('shows the state of each alarm, and lists the metrics that are not measured locally', async () => {
    const { page } = await open();
    await ask(server.url, [5.1, 3.5, 1.4, 0.2]);
    // This looks for the period of the request, because the current period may have no requests.
    await page.locator('.alarms li').filter({ hasText: 'Error rate' }).locator('.strip .ok').first().waitFor();
    expect(await page.locator('.alarms li').filter({ hasText: 'Init failure' }).innerText()).to.include('no data');
    expect(await page.locator('footer').innerText()).to.include('requests to the function URL');
  });

  it('shows the same moment in every chart below the pointer', async () => {
    const { page } = await open();
    await page.locator('.plot .u-over').first().hover();
    await eventually(async () => {
      const times = await page.locator('.unit span:last-child').allInnerTexts();
      expect(times.length).to.be.above(10);
      expect(new Set(times).size).to.equal(1);
      expect(times[0]).to.match(/^\d\d:\d\d:\d\d$/);
    });
  });

  it('has no broken link in its navigation', async () => {
    const { page } = await open();
    const links = await page.locator('nav a').evaluateAll((all) => all.map((link) => (link as { href?: string }).href));
    expect(links).to.have.length.above(2);
    for (const link of links) expect((await fetch(link ?? '')).status, link).to.equal(200);
  });

  const screens = [
    { width: 1280, colorScheme: 'light' },
    { width: 390, colorScheme: 'dark' },
  ] as const;
  for (const { width, colorScheme } of screens) {
    it(`has no serious accessibility violation and fits ${width} px, with ${colorScheme} colours`, async () => {
      const { page } = await open({ viewport: { width, height: 844 }, colorScheme });
      await page.locator('.legend').first().waitFor();
      expect(await findViolations(page)).to.deep.equal([]);
      expect(await page.evaluate('document.documentElement.scrollWidth')).to.be.at.most(width);
    });
  }

  it('is not part of the API', async () => {
    const { paths } = (await (await fetch(`${server.url}/openapi.json`)).json()) as { paths: object };
    expect(Object.keys(paths)).not.to.include('/dashboard');
  });
});
