import { expect } from 'chai';
import type { Browser } from 'playwright-core';
import { readTemplate } from '../helpers/cloudformation.ts';
import { readWidgets } from '../helpers/dashboard.ts';
import { type Server, startServer } from '../helpers/server.ts';
import { findViolations } from './accessibility.ts';
import { launchBrowser } from './browser.ts';
import { ask } from './playground.ts';

const isOfBatch = (title: string) => title.startsWith('Batch: ');

describe('the local dashboard', () => {
  let browser: Browser;
  let server: Server;
  before(async () => {
    [browser, server] = await Promise.all([launchBrowser(), startServer()]);
  });
  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  it("draws the template's widgets from what the handler emits, as it does", async () => {
    const page = await browser.newPage();
    const complaints: string[] = [];
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.goto(`${server.url}/dashboard`);
    const titles = readWidgets(readTemplate()).flatMap(({ properties }) => properties.title ?? []);
    // Those of batch come with a parameter, which is off here.
    const [ofBatch, others] = [titles.filter(isOfBatch), titles.filter((title) => !isOfBatch(title))];
    for (const title of others) await page.getByRole('heading', { name: title, exact: true }).waitFor();
    for (const title of ofBatch) expect(await page.getByRole('heading', { name: title }).count(), title).to.equal(0);
    const classes = page.locator('section', { hasText: 'Predictions per class' });
    expect(await classes.getByRole('listitem').count()).to.equal(0);
    await ask(server.url, [5.1, 3.5, 1.4, 0.2]);
    await classes.getByRole('listitem').filter({ hasText: 'setosa' }).waitFor();
    expect(await findViolations(page)).to.deep.equal([]);
    expect(complaints).to.deep.equal([]);
  });

  it('is no part of the API', async () => {
    const { paths } = (await (await fetch(`${server.url}/openapi.json`)).json()) as { paths: object };
    expect(Object.keys(paths)).not.to.include('/dashboard');
  });
});
