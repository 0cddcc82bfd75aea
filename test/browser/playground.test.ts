import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect } from 'chai';
import type { Browser, Page } from 'playwright-core';
import { formatShare } from '../../functions/playground/format.ts';
import { type Server, startServer } from '../helpers/server.ts';
import { findViolations } from './accessibility.ts';
import { launchBrowser } from './browser.ts';
import { ask, eventually, openPlayground, type Playground } from './playground.ts';
import { startStage } from './stage.ts';

const execute = promisify(execFile);

describe('the playground of iris', () => {
  let browser: Browser;
  let server: Server;
  let playground: Playground;
  let page: Page;

  before(async () => {
    [browser, server] = await Promise.all([launchBrowser(), startServer()]);
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

  /** Expects that the page shows the API's answer to the row. */
  const expectAnswer = async (row: readonly number[]) => {
    const prediction = await ask(server.url, row);
    if (!('label' in prediction)) throw new Error('the answer of iris has no label');
    const shares = Object.entries(prediction.probabilities ?? {}).map(([name, share]) => [name, formatShare(share)]);
    await eventually(async () => {
      expect(await playground.shares()).to.deep.equal(Object.fromEntries(shares));
      expect(await playground.label.innerText()).to.equal(prediction.label);
    });
  };

  it('shows the first example, its prediction, and the model', async () => {
    await expectAnswer([5, 3.4, 1.5, 0.2]);
    expect(await page.title()).to.equal('iris 1.0.0');
    expect(await page.locator('h1').innerText()).to.match(/iris\s+1\.0\.0/);
    expect(await page.locator('.headline').innerText()).to.equal('setosa 98.1%');
    expect(await page.locator('.quality').innerText()).to.match(/accuracy\s+0\.960 ± 0\.013/);
    // Details that few visitors need are collapsed at first.
    expect(await page.locator('.figures').last().isVisible()).to.equal(false);
    await page.getByText('About this model').click();
    expect(await page.locator('.facts').innerText()).to.match(
      /same labels as the original\s+100% of 20,000 rows\s+differs by at most\s+1e−15 in a probability/,
    );
    expect(await page.locator('.timing').innerText()).to.match(
      /^[\d.]+ ms on the server \(decode \S+, inference \S+, encode \S+\), \S+ ms there and back\.$/,
    );
  });

  it('shows the answer, all inputs and the map on the first screen', async () => {
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.locator('.map-labels').getByText('setosa').waitFor();
    const boxes = await Promise.all(['.prediction', '.inputs', '.map'].map((part) => page.locator(part).boundingBox()));
    for (const box of boxes) expect((box?.y ?? Number.NaN) + (box?.height ?? 0)).to.be.lessThan(800);
    expect(boxes[0]?.y).to.be.lessThan(140);
  });

  it('predicts again while a slider moves', async () => {
    const box = await playground.slider('petal length').boundingBox();
    if (!box) throw new Error('no slider');
    await page.mouse.move(box.x + 43, box.y + box.height / 2);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2, { steps: 12 });
    const value = Number(await playground.field('petal length').inputValue());
    expect(value).to.be.within(3.7, 4.2);
    await expectAnswer([5, 3.4, value, 0.2]);
    await page.mouse.up();
  });

  it('shows the answer to the latest row even if an earlier one is late, and predicts one row at a time', async () => {
    let open = 0;
    let most = 0;
    await page.route('**/predict', async (route) => {
      most = Math.max(most, ++open);
      await new Promise((resolve) => setTimeout(resolve, most === 1 && open === 1 ? 400 : 20));
      open--;
      await route.continue();
    });
    for (const value of ['2', '3', '4', '5', '6']) await playground.field('petal length').fill(value);
    await playground.field('petal width').fill('2.5');
    await expectAnswer([5, 3.4, 6, 2.5]);
    // The map sends requests of its own, so one of them can be open at the same time.
    expect(most).to.be.at.most(2);
  });

  it('fills in an example with one click', async () => {
    await page.getByRole('button', { name: 'virginica' }).click();
    await expectAnswer([6.5, 3, 5.5, 2]);
    expect(await playground.slider('petal width').inputValue()).to.equal('2');
  });

  it('warns of a value outside the training range, and of a missing value', async () => {
    await playground.field('sepal length').fill('9.5');
    await page.getByText('Above the training range, 4.3 to 7.9 cm.').waitFor();
    await page
      .getByText('1 input outside the training range. The scores under "How good it is" say nothing about such a row.')
      .waitFor();
    await expectAnswer([9.5, 3.4, 1.5, 0.2]);
    await playground.field('sepal length').fill('');
    await page.getByText('A number is needed here.').waitFor();
    await page.getByText('Fill in the missing value to get an answer.').waitFor();
  });

  it('shows the regions of the classes, and moves the point to where the map is clicked', async () => {
    await page.locator('.map-labels').getByText('virginica').waitFor();
    const box = await page.locator('.map-plot').boundingBox();
    if (!box) throw new Error('no map');
    await page.mouse.click(box.x + box.width * 0.9, box.y + box.height * 0.1);
    await eventually(async () => expect(await playground.label.innerText()).to.equal('virginica'));
    const [length, width] = await Promise.all(
      ['petal length', 'petal width'].map((name) => playground.field(name).inputValue()),
    );
    expect([Number(length), Number(width)]).to.satisfy(([x, y]: [number, number]) => x > 6 && y > 2.2);
    await expectAnswer([5, 3.4, Number(length), Number(width)]);
  });

  it('shows the request as code that runs', async () => {
    await playground.field('sepal width').fill('3.1');
    await expectAnswer([5, 3.1, 1.5, 0.2]);
    const { label } = (await ask(server.url, [5, 3.1, 1.5, 0.2])) as { label: string };
    const commands = {
      curl: ['sh', '-c'],
      JavaScript: ['node', '--input-type=module', '-e'],
      Python: ['python3', '-c'],
    };
    for (const [language, [command = '', ...options]] of Object.entries(commands)) {
      await page.getByRole('tab', { name: language }).click();
      const code = await page.getByRole('tabpanel').innerText();
      const { stdout } = await execute(command, [...options, code]);
      expect(stdout, language).to.include(label).and.include('probabilities');
    }
  });

  it('copies the code', async () => {
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.getByRole('button', { name: 'Copy', exact: true }).click();
    await page.getByRole('button', { name: 'Copied' }).waitFor();
    expect(await page.evaluate('navigator.clipboard.readText()')).to.match(/^curl http:\/\/127/);
  });

  it('says that the server does not answer, and continues when the server answers again', async () => {
    const other = await startServer();
    const { port } = new URL(other.url);
    const away = await openPlayground(browser, other.url);
    await other.stop();
    await away.field('petal length').fill('5');
    await away.page.getByText('This is its last answer.').waitFor();
    expect(await findViolations(away.page)).to.deep.equal([]);
    const again = await startServer({ PORT: port });
    await away.page.getByText('This is its last answer.').waitFor({ state: 'hidden' });
    expect((await away.shares()).versicolor).not.to.equal('1.9%');
    await away.page.context().close();
    await again.stop();
  });

  it('says that the server failed', async () => {
    const body = JSON.stringify({ status: 500, detail: 'The service failed' });
    await page.route('**/predict', (route) => route.fulfill({ status: 500, body }));
    await playground.field('petal length').fill('5');
    await page.getByText('The server failed (500): The service failed.').waitFor();
    await page.unroute('**/predict');
    await playground.field('petal length').fill('5.1');
    await expectAnswer([5, 3.4, 5.1, 0.2]);
  });

  it('says why the API refuses a row', async () => {
    await playground.field('petal length').fill('1e308');
    await playground.field('sepal length').fill('1e308');
    await page.getByText('Not predicted: the model has no finite answer for these values').waitFor();
  });

  it('can be used with the keyboard alone', async () => {
    const focus = (text: string) => page.evaluate(`document.activeElement.matches(${JSON.stringify(text)})`);
    const tabTo = async (selector: string) => {
      for (let presses = 0; presses < 40; presses++) {
        if (await focus(selector)) return;
        await page.keyboard.press('Tab');
      }
      throw new Error(`Tab does not come to ${selector}`);
    };
    await tabTo('.presets button:nth-of-type(2)');
    await page.keyboard.press('Enter');
    await expectAnswer([5.8, 2.8, 4.3, 1.3]);
    await tabTo('[data-feature="petal_length"] input[type="range"]');
    await page.keyboard.press('End');
    await expectAnswer([5.8, 2.8, 6.9, 1.3]);
    await tabTo('[data-feature="petal_width"] input[type="number"]');
    await page.keyboard.type('0.4');
    await expectAnswer([5.8, 2.8, 6.9, 0.4]);
    await tabTo('.map-choices select');
    await tabTo('#csv-file');
    await tabTo('[role="tab"]');
    await page.keyboard.press('ArrowRight');
    expect(await page.getByRole('tabpanel').innerText()).to.match(/await fetch/);
    await tabTo('summary');
    await page.keyboard.press('Enter');
    await page.getByText('SHA-256').waitFor();
  });

  it('loads nothing from other servers, and does not violate its content security policy', async () => {
    await page.locator('.map-labels').getByText('setosa').waitFor();
    const response = await fetch(server.url);
    expect(response.headers.get('content-security-policy')).not.to.match(/unsafe|\*|https?:/);
    expect(
      playground.requests.filter((url) => !url.startsWith(`${server.url}/`) && !url.startsWith('data:')),
    ).to.deep.equal([]);
    expect(playground.complaints).to.deep.equal([]);
  });

  it('fits a phone, and keeps the answer visible there', async () => {
    const phone = await openPlayground(browser, server.url, { viewport: { width: 390, height: 700 } });
    expect(await phone.page.evaluate('document.documentElement.scrollWidth')).to.equal(390);
    expect(await phone.label.isVisible()).to.equal(true);
    expect(await phone.page.locator('.readout').isVisible()).to.equal(false);
    await phone.page.locator('.table').scrollIntoViewIfNeeded();
    await phone.page.locator('.readout').waitFor();
    expect(await phone.page.locator('.readout').innerText()).to.equal('setosa · 98.1%');
    await phone.page.context().close();
  });

  for (const path of ['', '/']) {
    it(`works behind a stage, at /prod${path}`, async () => {
      const stage = await startStage(server.url, 'prod');
      const staged = await openPlayground(browser, `${stage.url}${path}`);
      await staged.page.getByRole('button', { name: 'versicolor' }).click();
      await eventually(async () => expect(await staged.label.innerText()).to.equal('versicolor'));
      expect(await staged.page.getByRole('tabpanel').innerText()).to.include(`curl ${stage.url}/predict`);
      await staged.page.getByRole('link', { name: 'API docs' }).click();
      await staged.page.getByRole('heading', { name: 'iris' }).waitFor();
      expect(staged.complaints).to.deep.equal([]);
      await staged.page.context().close();
      stage.close();
    });
  }

  it('has no serious accessibility violation', async () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      for (const width of [390, 1280]) {
        const one = await openPlayground(browser, server.url, { colorScheme, viewport: { width, height: 900 } });
        await one.field('sepal length').fill('9.5');
        await one.page.getByText('1 input outside').waitFor();
        expect(await findViolations(one.page), `${colorScheme} ${width}`).to.deep.equal([]);
        await one.page.context().close();
      }
    }
  });
});
