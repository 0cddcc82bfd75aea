import { mkdtempSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Browser, Page } from 'playwright-core';
import type { Class } from '../../functions/core/model/classes.ts';
import type { Feature } from '../../functions/core/model/manifest.ts';
import type { Prediction } from '../../functions/core/model/prediction.ts';
import { formatNumber, formatShare } from '../../functions/playground/format.ts';
import { readManifest } from '../helpers/files.ts';
import { writeHundredPackage } from '../helpers/hundred-package.ts';
import { changeManifest, withPackage } from '../helpers/package.ts';
import { type Server, startServer } from '../helpers/server.ts';
import { findViolations } from './accessibility.ts';
import { launchBrowser } from './browser.ts';
import { ask, eventually, openPlayground, type Playground } from './playground.ts';

/** Runs `use` with the playground of a model. Then expects no accessibility violations and no browser errors. */
async function withModel(
  browser: Browser,
  [name, directory]: readonly [name: string, directory: string],
  use: (playground: Playground, server: Server) => Promise<void>,
): Promise<void> {
  const server = await startServer({ MODEL: name, MODELS_DIRECTORY: directory });
  const playground = await openPlayground(browser, server.url);
  await use(playground, server);
  expect(await findViolations(playground.page)).to.deep.equal([]);
  expect(playground.complaints).to.deep.equal([]);
  await playground.page.context().close();
  await server.stop();
}

/** The position of the mark on the scale of training values, from 0 to 1. */
async function placeOfMark(page: Page): Promise<number> {
  const [scale, mark] = await Promise.all(['.scale', '.mark'].map((part) => page.locator(part).boundingBox()));
  if (!scale || !mark) throw new Error('no scale');
  return (mark.x + mark.width / 2 - scale.x) / scale.width;
}

type Shown = Extract<Prediction, { label: unknown }>;

/** Uploads a file of one row, downloads it with its predictions, and returns the header. */
async function headerOfDownload(page: Page): Promise<string | undefined> {
  const buffer = Buffer.from('x,y\n1,-1\n');
  await page.setInputFiles('#csv-file', { name: 'rows.csv', mimeType: 'text/csv', buffer });
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByText('Download all rows with their predictions').click(),
  ]);
  return (await readFile(await download.path(), 'utf8')).split('\r\n')[0];
}

describe('the playground of another model', () => {
  let browser: Browser;
  before(async () => {
    browser = await launchBrowser();
  });
  after(() => browser?.close());

  it('has controls for categories, for booleans and for missing values', async () => {
    await withModel(browser, ['churn', 'models'], async (playground, { url }) => {
      const { page, field } = playground;
      await field('contract').selectOption('monthly');
      await field('payment').selectOption('no value');
      await field('region').selectOption('another …');
      await page.getByLabel('another region').fill('East');
      await field('tenure').fill('3');
      await page.getByRole('button', { name: 'no value' }).click();
      await page.getByRole('switch', { name: 'paperless' }).click();
      const answer = await ask(url, ['monthly', null, 'East', 3, null, 1, false]);
      if (!('label' in answer)) throw new Error('the answer of churn has no label');
      await eventually(async () =>
        expect(await playground.shares()).to.deep.equal({
          leaves: formatShare(answer.probabilities?.leaves ?? 0),
          stays: formatShare(answer.probabilities?.stays ?? 0),
        }),
      );
      expect(await field('monthly charge').inputValue()).to.equal('');
      // The map is over the two numeric features that change the prediction most.
      await page.locator('.map').scrollIntoViewIfNeeded();
      await page.locator('.map-labels').getByText('leaves').waitFor();
      await playground.slider('monthly charge').press('Home');
      expect(await field('monthly charge').inputValue()).to.equal('15.6');
    });
  });

  it('has a text field for a feature whose categories are not published', async () => {
    await withPackage(async (directory) => {
      const features = (readManifest('churn').features as Feature[]).map((feature) =>
        feature.name === 'region' ? { ...feature, categories: null } : feature,
      );
      changeManifest(directory, { features }, 'models/churn');
      await withModel(browser, ['churn', directory], async (playground, { url }) => {
        const { field } = playground;
        expect(await field('region').evaluate((element) => element.getAttribute('type'))).to.equal('text');
        await field('region').fill('East');
        const [row = []] = (readManifest('churn').examples as { instances: unknown[][] }[])[0]?.instances ?? [];
        const region = features.findIndex(({ name }) => name === 'region');
        const answer = await ask(url, row.with(region, 'East'));
        if (!('label' in answer)) throw new Error('the answer of churn has no label');
        await eventually(async () =>
          expect((await playground.shares()).leaves).to.equal(formatShare(answer.probabilities?.leaves ?? 0)),
        );
      });
    }, 'models/churn');
  });

  it('shows beside a feature why the API refuses its value', async () => {
    const server = await startServer({ MODEL: 'churn' });
    const { page, field } = await openPlayground(browser, server.url);
    await field('tenure').fill('1.5');
    await page
      .locator('[data-feature="tenure"]')
      .getByText('expected an integer, got a number with a fraction')
      .waitFor();
    await page.getByText('Not predicted: the model does not accept 1 input as entered.').waitFor();
    await page.context().close();
    await server.stop();
  });

  it('compares the predicted value with the training values', async () => {
    await withModel(browser, ['diabetes', 'test/fixtures'], async ({ page, slider, field, label }, { url }) => {
      await page.getByText(/^Above about \d+% of the training values \(mean 142, standard deviation 74\)\.$/).waitFor();
      await slider('bmi').press('End');
      const row = [48, 1, 38, 90.16, 180, 103.3, 50, 3, 4.4941, 87];
      const answer = await ask(url, row);
      if (!('value' in answer)) throw new Error('the answer of diabetes has no value');
      await eventually(async () => expect(await label.innerText()).to.equal(formatNumber(answer.value)));
      expect(await placeOfMark(page)).to.be.within(0.4, 0.9);
      for (const name of ['bmi', 'bp', 's5']) await field(name).fill('1000');
      await page.getByText(/^Above all of the training values \(/).waitFor();
      await eventually(async () => expect(await placeOfMark(page)).to.be.closeTo(1, 0.01));
      await page.locator('.map').scrollIntoViewIfNeeded();
      await page.getByRole('heading', { name: 'Map of progression' }).waitFor();
      await page
        .locator('.map-labels')
        .getByText(/^\d+ to \d+$/)
        .first()
        .waitFor();
    });
  });

  for (const [name, header] of [
    ['integers', 'label,-7,0,1,9,10'],
    ['booleans', 'label,false,true'],
    ['fractions', 'label,-1.5,0,0.5,2'],
    ['texts', `label,-1,'-a,10,9,"<b>,""",'=1+1,__proto__,constructor`],
  ] as const) {
    it(`shows classes that are ${name} in their order`, async () => {
      await withModel(browser, [name, 'test/fixtures/classes'], async ({ page, label, field }, { url }) => {
        const { classes } = (await (await fetch(`${url}/model`)).json()) as { classes: Class[] };
        for (const [x, y] of [
          [0, 0],
          [1, -1],
          [3, -3],
        ] as const) {
          await field('x').fill(String(x));
          await field('y').fill(String(y));
          const answer = await ask(url, [x, y]);
          if (!('label' in answer)) throw new Error(`the answer of ${name} has no label`);
          const expected = classes.map(
            (value) => [String(value), answer.probabilities?.[String(value)] ?? Number.NaN] as const,
          );
          await eventually(async () => {
            expect(await label.innerText()).to.equal(String(answer.label));
            const bars = await page.locator('.answer .bars li').allInnerTexts();
            const shown = expected.map(([text, share]) => [text, formatShare(share)]);
            expect(bars.map((text) => text.trim().split(/\n+/))).to.deep.equal(shown);
          });
        }
        expect(await headerOfDownload(page)).to.equal(`x,y,${header}`);
      });
    });
  }

  /** For each model, the header of a file with predictions, and the numbers that are shown beside the bars. */
  const kinds = {
    scores: ['x,y,label,blue,green,red', ({ scores }: Shown) => scores],
    score: ['x,y,label,true', ({ scores }: Shown) => scores],
    labels: ['x,y,label', () => ({})],
    outliers: ['x,y,label,score', ({ score = Number.NaN }: Shown) => ({ score })],
    clusters: ['x,y,label,0,1,2', ({ distances }: Shown) => distances],
  } as const;
  for (const [name, [header, numbersOf]] of Object.entries(kinds)) {
    it(`shows the answers of the model ${name}`, async () => {
      await withModel(browser, [name, 'test/fixtures/answers'], async (playground, { url }) => {
        const { page, label, field } = playground;
        for (const row of [
          [0, 0],
          [2, -2],
          [2.4, 0.6],
        ]) {
          await field('x').fill(String(row[0]));
          await field('y').fill(String(row[1]));
          const answer = (await ask(url, row)) as Shown;
          const expected = Object.entries(numbersOf(answer) ?? {}).map(([key, number]) => [
            key,
            formatNumber(Number(number)),
          ]);
          await eventually(async () => {
            expect(await label.innerText()).to.equal(String(answer.label));
            expect(await playground.shares()).to.deep.equal(Object.fromEntries(expected));
          });
        }
        await page.getByRole('heading', { name: /^Regions of the/ }).waitFor();
        expect(await headerOfDownload(page)).to.equal(header);
      });
    });
  }

  it('shows a block for each target', async () => {
    await withModel(browser, ['targets', 'test/fixtures/answers'], async ({ page, label }) => {
      expect(await page.locator('.target h3').allInnerTexts()).to.deep.equal(['colour, of it', 'size']);
      expect(await label.allInnerTexts()).to.deep.equal(['=1+1', 'large']);
      expect(await headerOfDownload(page)).to.match(/^x,y,"colour, of it",size,"colour, of it:=1\+1",/);
    });
    await withModel(browser, ['values', 'test/fixtures/answers'], async ({ page, label, field }, { url }) => {
      await field('x').fill('1');
      const answer = (await ask(url, [1, -1.19])) as { values: Record<string, number> };
      await eventually(async () => {
        expect(await label.allInnerTexts()).to.deep.equal(Object.values(answer.values).map(formatNumber));
      });
      expect(await headerOfDownload(page)).to.equal('x,y,height,weight');
    });
  });

  it('works for a package without baselines and without a comparison to an original model', async () => {
    const original = 'models/churn';
    await withPackage(async (directory) => {
      const features = (readManifest('churn').features as object[]).map((one) => ({ ...one, baseline: null }));
      changeManifest(directory, { features, parity: null }, original);
      await withModel(browser, ['churn', directory], async ({ page, field }) => {
        await page.getByText('About this model').click();
        await page.getByText('The model was not compared with an original.').waitFor();
        await page.getByText(/^There is no map: .* and this model takes none\.$/).waitFor();
        expect(await page.locator('.inputs input[type="range"]').count()).to.equal(0);
        await field('tenure').fill('3');
        await page.getByRole('switch', { name: 'paperless' }).click();
        await eventually(async () => expect(await page.locator('.headline').innerText()).not.to.equal(''));
      });
    }, original);
  });

  it('finds one of 100 inputs, and accepts one of 899 categories', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'sepal-'));
    writeHundredPackage(directory);
    await withModel(browser, ['hundred', directory], async ({ page, label, field }, { url }) => {
      const controls = page.locator('.control:visible');
      expect(await page.locator('.headline').innerText()).to.match(/^buys again = [01] \d/);
      expect(await page.getByRole('group', { name: 'Examples' }).getByRole('button').innerText()).to.match(
        /^buys again = [01]$/,
      );
      expect(await controls.count()).to.equal(16);
      expect(await page.evaluate('document.documentElement.scrollHeight')).to.be.lessThan(3000);
      // An identifier has no slider, and a feature of 899 categories has a field instead of a list of options.
      expect(await page.locator('[data-feature="customer_id"] input[type="range"]').count()).to.equal(0);
      await field('shop').fill('1899');
      await page.getByRole('button', { name: 'All 100 inputs' }).click();
      expect(await controls.count()).to.equal(100);
      await page.getByRole('searchbox', { name: 'Find one of 100 inputs' }).fill('calls month 1');
      expect(await controls.count()).to.equal(3);
      await page.getByText('3 found').waitFor();
      await field('calls month 12').fill('79');
      const { examples } = (await (await fetch(`${url}/model`)).json()) as { examples: [{ instances: [unknown[]] }] };
      const answer = (await ask(url, examples[0].instances[0].with(1, 1899).with(99, 79))) as Shown;
      await eventually(async () => {
        expect(await label.innerText()).to.equal(String(answer.label));
        const share = answer.probabilities?.[String(answer.label)] ?? Number.NaN;
        expect(await page.locator('.headline .odds').innerText()).to.equal(formatShare(share));
      });
    });
    rmSync(directory, { recursive: true });
  });

  it('shows the 10 most probable of many classes, and all on request', async () => {
    await withModel(browser, ['fifty', 'test/fixtures'], async (playground) => {
      const shares = Object.values(await playground.shares()).map((text) => Number(text.replace(/[<>%]/g, '')));
      expect(shares).to.have.length(10);
      expect(shares).to.deep.equal(shares.toSorted((a, b) => b - a));
      await playground.page.getByText(/^40 other classes together: [<\d.]+%$/).waitFor();
      expect(Object.keys(await playground.shares())[0]).to.equal(await playground.label.innerText());
      await playground.page.getByRole('button', { name: 'All 50 classes' }).click();
      expect(Object.keys(await playground.shares())).to.have.length(50);
      await playground.page.getByRole('button', { name: 'The 10 most probable' }).click();
      expect(Object.keys(await playground.shares())).to.have.length(10);
    });
  });
});
