import { expect } from 'chai';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { parseManifest } from '../../functions/core/model/manifest.ts';
import { readManifest } from '../helpers/files.ts';
import { type Server, startServer } from '../helpers/server.ts';
import { findViolations } from './accessibility.ts';
import { launchBrowser } from './browser.ts';
import { startStage } from './stage.ts';

interface Docs {
  readonly page: Page;
  /** The browser's errors: violations of the content security policy, exceptions and failed requests. */
  readonly complaints: readonly string[];
  readonly requests: readonly string[];
}

describe('the API documentation page', () => {
  let browser: Browser;
  let server: Server;
  before(async () => {
    [browser, server] = await Promise.all([launchBrowser(), startServer()]);
  });
  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  /** Opens the page, and waits until its example can be sent. */
  const open = async (url: string, options: BrowserContextOptions = {}): Promise<Docs> => {
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 }, ...options });
    const [complaints, requests]: [string[], string[]] = [[], []];
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('request', (request) => requests.push(request.url()));
    await page.goto(url);
    await page.getByRole('button', { name: 'Execute' }).waitFor();
    return { page, complaints, requests };
  };

  /** Sends the prefilled example, and expects that the page shows the API's answer. */
  const expectAnswer = async ({ page }: Docs, api: string) => {
    const [answer] = await Promise.all([
      page.waitForResponse(`${api}/predict`),
      page.getByRole('button', { name: 'Execute' }).click(),
    ]);
    const [example] = parseManifest(readManifest()).examples;
    expect(JSON.parse(answer.request().postData() ?? '')).to.deep.equal(example?.instances[0]);
    const shown = page.locator('.live-responses-table .response').first();
    expect(await shown.locator('.response-col_status').innerText()).to.match(/^200/);
    expect(await shown.locator('.response-col_description').innerText()).to.include('"label": "setosa"');
  };

  for (const [where, path] of [
    ['at /docs', '/docs'],
    ['at /docs/', '/docs/'],
  ] as const) {
    it(`sends the example with one click ${where}, and sends no request to another server`, async () => {
      const docs = await open(`${server.url}${path}`);
      await expectAnswer(docs, server.url);
      expect(await docs.page.locator('.where code').innerText()).to.equal(`${server.url}/`);
      expect(docs.complaints).to.deep.equal([]);
      const isOutside = (url: string) => !url.startsWith(`${server.url}/`) && !url.startsWith('data:');
      expect(docs.requests.filter(isOutside)).to.deep.equal([]);
      await docs.page.context().close();
    });

    it(`sends the example with one click behind a stage ${where}`, async () => {
      const stage = await startStage(server.url, 'prod');
      try {
        const docs = await open(`${stage.url}${path}`);
        await expectAnswer(docs, stage.url);
        expect(await docs.page.locator('.where code').innerText()).to.equal(`${stage.url}/`);
        expect(docs.complaints).to.deep.equal([]);
        await docs.page.context().close();
      } finally {
        stage.close();
      }
    });
  }

  it('shows /predict first, and there the request body before the parameters', async () => {
    const { page } = await open(`${server.url}/docs`);
    expect(await page.locator('.opblock .opblock-summary-path').first().innerText()).to.match(/^\/predict/);
    const top = async (selector: string) => (await page.locator(selector).first().boundingBox())?.y ?? 0;
    expect(await top('.opblock-section-request-body')).to.be.below(await top('.parameters'));
    expect((await page.getByRole('button', { name: 'Execute' }).boundingBox())?.y).to.be.below(900);
    await page.context().close();
  });

  it('does not load its large files again after a reload', async () => {
    const { page } = await open(`${server.url}/docs`);
    const resources = `performance.getEntriesByType('resource').filter(({ name }) => name.includes('swagger-ui'))`;
    const sizes = () => page.evaluate<number[]>(`${resources}.map(({ transferSize }) => transferSize)`);
    expect((await sizes()).reduce((sum, size) => sum + size)).to.be.within(1, 500_000);
    await page.reload();
    await page.getByRole('button', { name: 'Execute' }).waitFor();
    expect(await sizes()).to.deep.equal([0, 0]);
    await page.context().close();
  });

  it('has no serious accessibility violation, and fits a phone', async () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      for (const width of [390, 1280]) {
        const docs = await open(`${server.url}/docs`, { colorScheme, viewport: { width, height: 900 } });
        await expectAnswer(docs, server.url);
        expect(await docs.page.evaluate('document.documentElement.scrollWidth')).to.equal(width);
        expect(await findViolations(docs.page), `${colorScheme} ${width}`).to.deep.equal([]);
        await docs.page.context().close();
      }
    }
  });

  it('reports that a part of it could not be loaded', async () => {
    const page = await browser.newPage();
    await page.route('**/*.js', (route) => route.abort());
    await page.goto(`${server.url}/docs`);
    await page.getByText('A part of this page could not be loaded').waitFor();
    await page.context().close();
  });
});
