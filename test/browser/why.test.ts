import { expect } from 'chai';
import type { Browser, Page } from 'playwright-core';
import { formatShare } from '../../functions/playground/format.ts';
import { readManifest } from '../helpers/files.ts';
import { changeManifest, withPackage } from '../helpers/package.ts';
import { type Server, startServer } from '../helpers/server.ts';
import { findViolations } from './accessibility.ts';
import { launchBrowser } from './browser.ts';
import { eventually, openPlayground, type Playground } from './playground.ts';

interface Explanation {
  readonly base: Readonly<Record<string, number>>;
  readonly contributions: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

const example = [5, 3.4, 1.5, 0.2];

describe('the explanation on the playground', () => {
  let browser: Browser;
  let server: Server;
  let playground: Playground;
  let page: Page;

  before(async () => {
    browser = await launchBrowser();
    server = await startServer();
  });
  after(async () => {
    await browser?.close();
    await server?.stop();
  });
  beforeEach(async () => {
    playground = await openPlayground(browser, server.url);
    page = playground.page;
  });
  afterEach(() => page.context().close());

  const explain = async (row: readonly unknown[]): Promise<Explanation> => {
    const response = await fetch(`${server.url}/explain`, { method: 'POST', body: JSON.stringify([row]) });
    return ((await response.json()) as { explanations: [Explanation] }).explanations[0];
  };
  const points = (contribution: number) => {
    const size = Math.abs(contribution * 100).toFixed(1);
    return size === '0.0' ? size : `${contribution < 0 ? '\u2212' : '+'}${size}`;
  };
  /** The text beside each input, by feature. */
  const bars = async () => {
    const controls = await page.locator('[data-feature]').all();
    const texts = controls.map(async (control) => [
      await control.getAttribute('data-feature'),
      (await control.locator('.why-text').innerText()).split('\n')[0],
    ]);
    return Object.fromEntries(await Promise.all(texts));
  };
  const expectReasons = async (row: readonly unknown[], name: string) => {
    const { base, contributions } = await explain(row);
    const expected = Object.entries(contributions[name] ?? {}).map(([feature, one]) => [feature, points(one)]);
    await eventually(async () => {
      expect(await bars()).to.deep.equal(Object.fromEntries(expected));
      expect(await page.locator('.why-stale').count()).to.equal(0);
      const summary = await page.locator('.why-summary').innerText();
      expect(summary).to.include(`On average, ${name}: ${formatShare(base[name] ?? Number.NaN)}.`);
    });
  };

  it('shows beside each input how much it raises or lowers the average', async () => {
    await expectReasons(example, 'setosa');
    expect(await page.locator('.why-summary').innerText()).to.equal('On average, setosa: 33.1%. This row: 98.1%.');
    await playground.field('petal length').fill('5');
    const row = example.with(2, 5);
    await eventually(async () => expect(await page.locator('.why-stale').count()).to.equal(0));
    const [label = ''] =
      Object.entries(await playground.shares()).toSorted(
        ([, a], [, b]) => Number.parseFloat(b) - Number.parseFloat(a),
      )[0] ?? [];
    await expectReasons(row, label);
    expect(await findViolations(page)).to.deep.equal([]);
    expect(playground.complaints).to.deep.equal([]);
  });

  it('has the bar of each input on the side of its sign', async () => {
    await page.locator('.why select').selectOption('versicolor');
    await expectReasons(example, 'versicolor');
    const sides = page.locator('[data-feature] .why-bar').evaluateAll((all) =>
      (
        all as unknown as {
          dataset: { sign: string };
          querySelector(name: string): { style: { insetInlineStart: string } };
        }[]
      ).map((bar) => [bar.dataset.sign, Number.parseFloat(bar.querySelector('.why-fill').style.insetInlineStart) < 50]),
    );
    for (const [sign, isLeft] of await sides) expect(isLeft).to.equal(sign === 'against');
  });

  it('is for the chosen class, whatever the predicted class', async () => {
    await page.locator('.why select').selectOption('virginica');
    await expectReasons(example, 'virginica');
    await page.getByRole('button', { name: 'versicolor' }).click();
    await expectReasons([5.8, 2.8, 4.3, 1.3], 'virginica');
    await page.locator('.why select').selectOption('the answer');
    await expectReasons([5.8, 2.8, 4.3, 1.3], 'versicolor');
  });

  it('never delays the prediction, and is for the latest row', async () => {
    await expectReasons(example, 'setosa');
    let asked = 0;
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    await page.route('**/explain?*', async (route) => {
      asked += 1;
      expect(route.request().headers()['sepal-probe']).to.equal('1');
      await held;
      await route.continue();
    });
    const before = await playground.shares();
    await playground.field('petal length').fill('5');
    await eventually(async () => expect(await playground.shares()).not.to.deep.equal(before));
    await eventually(async () => expect(asked).to.equal(1));
    const between = await playground.shares();
    await playground.field('petal width').fill('2');
    await eventually(async () => expect(await playground.shares()).not.to.deep.equal(between));
    expect(await page.locator('.why-stale').count()).to.equal(1);
    await page.locator('.why select').selectOption('virginica');
    release();
    await expectReasons([5, 3.4, 5, 2], 'virginica');
    expect(asked).to.equal(2);
  });

  it('is replaced by the reason if the API refuses to explain', async () => {
    await page.route('**/explain?*', (route) => route.fulfill({ status: 413, body: '{"detail":"It takes too long"}' }));
    await playground.field('petal length').fill('5');
    await page.getByText('There is no explanation: It takes too long.').waitFor();
    expect(await page.locator('.why-bar:visible').count()).to.equal(0);
  });

  it('shows the standard error of an estimate as a line', async () => {
    await withPackage(async (directory) => {
      const explanations = { ...(readManifest().explanations as object), budget: 1000 };
      changeManifest(directory, { explanations });
      const other = await startServer({ MODELS_DIRECTORY: directory });
      const estimated = await openPlayground(browser, other.url);
      await estimated.page.getByText(/estimated from \d+ pairs of orders/).waitFor();
      expect(await estimated.page.locator('[data-feature] .why-error:visible').count()).to.be.above(0);
      expect(await estimated.page.locator('[data-feature] [title*="standard error"]').count()).to.be.above(0);
      await estimated.page.context().close();
      await other.stop();
    });
  });

  it('is absent for a package without explanations, and a text says so', async () => {
    await withPackage(async (directory) => {
      changeManifest(directory, { explanations: undefined });
      const other = await startServer({ MODELS_DIRECTORY: directory });
      const { page: old, requests } = await openPlayground(browser, other.url);
      await old.getByText('This package was made without explanations.').waitFor();
      expect(await old.locator('.why-bar').count()).to.equal(0);
      await old
        .locator('.sweep figcaption')
        .getByText(/setosa is between/)
        .waitFor();
      expect(requests.filter((url) => url.includes('/explain'))).to.deep.equal([]);
      expect(await old.getByLabel('Explain each prediction').isVisible()).to.equal(false);
      await old.context().close();
      await other.stop();
    });
  });
});
