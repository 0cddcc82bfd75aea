import { expect } from 'chai';
import type { Browser, Page, Request } from 'playwright-core';
import { formatShare } from '../../functions/playground/format.ts';
import { type Server, startServer } from '../helpers/server.ts';
import { findViolations } from './accessibility.ts';
import { launchBrowser } from './browser.ts';
import { ask, eventually, openPlayground, type Playground } from './playground.ts';

function countRows(request: Request): number {
  return request.url().endsWith('/predict') ? JSON.parse(request.postData() ?? '[]').length : 0;
}

describe('the what-if views on the playground', () => {
  let browser: Browser;
  let servers: Readonly<Record<'iris' | 'churn' | 'diabetes', Server>>;

  before(async () => {
    browser = await launchBrowser();
    servers = {
      iris: await startServer(),
      churn: await startServer({ MODEL: 'churn' }),
      diabetes: await startServer({ MODEL: 'diabetes', MODELS_DIRECTORY: 'test/fixtures' }),
    };
  });
  after(async () => {
    await browser?.close();
    for (const server of Object.values(servers ?? {})) await server.stop();
  });

  const withModel = async (
    name: keyof typeof servers,
    use: (playground: Playground, server: Server) => Promise<void>,
    path = '',
  ) => {
    const playground = await openPlayground(browser, `${servers[name].url}/${path}`);
    await use(playground, servers[name]);
    expect(await findViolations(playground.page)).to.deep.equal([]);
    expect(playground.complaints).to.deep.equal([]);
    await playground.page.context().close();
  };
  const caption = (page: Page) => page.locator('.sweep figcaption');

  describe('the change', () => {
    it('is shown relative to the example, and can be undone', async () => {
      await withModel('iris', async ({ page, field, label, shares }) => {
        await page.getByRole('button', { name: 'versicolor' }).click();
        // Until the answer to the example arrives, the page shows the shares of the previous row.
        await label.getByText('versicolor').waitFor();
        const change = page.locator('.change');
        await change.waitFor({ state: 'hidden' });
        const before = Number.parseFloat((await shares()).versicolor ?? '');
        await page.locator('.subject select').selectOption('versicolor');
        await field('petal length').fill('5');
        await change.getByText(/points for versicolor since you changed petal length\.$/).waitFor();
        await field('petal width').fill('1.5');
        await change.getByText(/since you changed petal length and petal width\.$/).waitFor();
        const after = Number.parseFloat((await shares()).versicolor ?? '');
        const told = Number.parseFloat((await change.innerText()).replace('\u2212', '-'));
        expect(told).to.be.closeTo(after - before, 0.11);
        await change.getByRole('button', { name: 'Undo' }).click();
        await change.waitFor({ state: 'hidden' });
        expect(await field('petal length').inputValue()).to.equal('4.3');
      });
    });
  });

  describe('the curve', () => {
    it('covers the range of one input with one request, which is marked as a probe', async () => {
      await withModel('iris', async ({ page, field }) => {
        await caption(page)
          .getByText(/setosa is between/)
          .waitFor();
        const swept: Request[] = [];
        page.on('request', (request) => swept.push(...(countRows(request) === 40 ? [request] : [])));
        await field('sepal width').focus();
        await caption(page)
          .getByText(/as sepal width goes from 2 to 4\.4 cm/)
          .waitFor();
        expect(swept.map((request) => request.headers()['sepal-probe'])).to.deep.equal(['1']);
        // Besides the 40 points of the one request, the curve has a point at the input's value. Only that point moves.
        const line = async () => (await page.locator('.sweep-line').getAttribute('d'))?.slice(1).split('L') ?? [];
        const across = (width: number) => `${((width - 2) / (4.4 - 2)) * 1000}`;
        const before = await line();
        expect(before.filter((point) => point.startsWith(`${across(3.4)},`))).to.have.length(1);
        await field('sepal width').fill('3.9');
        await caption(page)
          .getByText(/at 3\.9 cm/)
          .waitFor();
        expect(swept).to.have.length(1);
        const after = await line();
        expect(after.filter((point) => point.startsWith(`${across(3.9)},`))).to.have.length(1);
        expect(before.filter((point) => after.includes(point))).to.have.length(40);
      });
    });

    it("shows the API's answer, and the position of the current value", async () => {
      await withModel('iris', async ({ page, field }, { url }) => {
        await page.getByLabel('Input that changes').selectOption('petal width');
        await field('petal width').fill('2.5');
        const answer = await ask(url, [5, 3.4, 1.5, 2.5]);
        const share = 'label' in answer ? (answer.probabilities?.[String(answer.label)] ?? Number.NaN) : Number.NaN;
        await caption(page)
          .getByText(`Now: ${formatShare(share)} at 2.5 cm.`)
          .waitFor();
        const dot = page.locator('.sweep-dot');
        await eventually(async () => {
          const [x, y] = await dot.evaluate((one) => {
            const { style } = one as unknown as { style: Record<string, string> };
            return [style.insetInlineStart, style.insetBlockStart].map((text) => Number.parseFloat(text ?? ''));
          });
          expect(x).to.be.closeTo(100, 1e-6);
          expect(y).to.be.closeTo((1 - share) * 100, 0.01);
        });
      });
    });

    it('sets the value where it is clicked', async () => {
      await withModel('iris', async ({ page, field }) => {
        await page.getByLabel('Input that changes').selectOption('petal length');
        await caption(page)
          .getByText(/as petal length goes/)
          .waitFor();
        const area = page.locator('.sweep-area');
        await area.scrollIntoViewIfNeeded();
        const box = await area.boundingBox();
        if (!box) throw new Error('no curve');
        await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
        const value = Number(await field('petal length').inputValue());
        expect(value).to.be.closeTo((1 + 6.9) / 2, 0.05);
        await caption(page).getByText(`at ${value} cm`).waitFor();
      });
    });

    it('has a bar for each category, and one for no value', async () => {
      await withModel('churn', async ({ page, field }) => {
        await field('payment').focus();
        await caption(page)
          .getByText(/as payment takes \d values/)
          .waitFor();
        const names = await page.locator('.sweep .bar-name').allInnerTexts();
        expect(names)
          .to.include('no value')
          .and.include(await field('payment').inputValue());
        expect(await page.locator('.sweep .chosen .bar-name').innerText()).to.equal(
          await field('payment').inputValue(),
        );
      });
    });

    it('shows the value that a regressor predicts', async () => {
      await withModel('diabetes', async ({ page, field }) => {
        await field('bmi').focus();
        await caption(page)
          .getByText(/^The answer is between \d+[.\d]* and \d+[.\d]* as bmi goes/)
          .waitFor();
      });
    });
  });

  describe('the threshold', () => {
    interface Judged {
      readonly metrics: { readonly thresholds: readonly Threshold[] };
      readonly examples: readonly { readonly predictions: readonly { readonly probabilities: { stays: number } }[] }[];
    }
    interface Threshold {
      readonly threshold: number;
      readonly precision: number;
      readonly recall: number;
    }
    const expectEffects = async (page: Page, { threshold, precision, recall }: Threshold, share: number) => {
      const label = share >= threshold ? 'stays' : 'leaves';
      const reason = `its probability of stays is ${formatShare(share)}`;
      await page.getByText(`At ${formatShare(threshold)}, this row is ${label}: ${reason}.`).waitFor();
      const effects = await page.locator('.threshold-effects li').allInnerTexts();
      expect(effects[0]).to.match(new RegExp(`^${formatShare(precision)} of the rows predicted as stays`));
      expect(effects[1]).to.match(new RegExp(`^${formatShare(recall)} of the rows that are stays`));
    };

    it('decides between two labels, and shows its precision, its recall and the confusion matrix', async () => {
      await withModel('churn', async ({ page }, { url }) => {
        const { metrics, examples } = (await (await fetch(`${url}/model`)).json()) as Judged;
        const share = examples[0]?.predictions[0]?.probabilities.stays ?? Number.NaN;
        const slider = page.getByLabel('Predict stays from this probability on');
        await slider.press('Home');
        await expectEffects(page, metrics.thresholds[0] as Threshold, share);
        await slider.press('End');
        await expectEffects(page, metrics.thresholds.at(-1) as Threshold, share);
        const counts = await page.locator('.confusion-table tbody td').allInnerTexts();
        expect(counts).to.deep.equal(['348', '170', '143', '539']);
      });
    });

    it('is absent for three classes, but their confusion matrix is shown', async () => {
      await withModel('iris', async ({ page }) => {
        expect(await page.locator('.threshold').count()).to.equal(0);
        await page.getByText('Of 150 rows that the model was measured on, 144 got the right label.').waitFor();
      });
    });
  });

  describe('the address', () => {
    it('keeps the inputs when the page is reloaded, and is requested without them', async () => {
      await withModel('churn', async ({ page, field, requests }) => {
        await field('tenure').fill('3');
        await field('payment').selectOption('no value');
        await eventually(async () => expect(decodeURIComponent(new URL(page.url()).hash)).to.match(/null.*,3,/));
        await page.reload();
        await page
          .locator('.sweep figcaption')
          .getByText(/is between/)
          .waitFor();
        expect(await field('tenure').inputValue()).to.equal('3');
        expect(await field('payment').inputValue()).to.equal('no value');
        expect(requests.filter((url) => url.includes('null'))).to.deep.equal([]);
      });
    });

    it('is copied as a link that opens the same inputs', async () => {
      await withModel('iris', async ({ page, field }) => {
        await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
        await field('petal length').fill('4.25');
        await page.getByRole('button', { name: 'Copy link' }).click();
        await page.getByRole('button', { name: 'Copied' }).waitFor();
        const link = String(await page.evaluate('navigator.clipboard.readText()'));
        expect(link).to.equal(`${servers.iris.url}/#[5,3.4,4.25,0.2]`);
        const other = await openPlayground(browser, link);
        expect(await other.field('petal length').inputValue()).to.equal('4.25');
        await other.page.context().close();
      });
    });

    it('of another model is reported, and an example is shown instead', async () => {
      await withModel(
        'iris',
        async ({ page, field }) => {
          await page.getByText('The link was made for a model with other inputs').waitFor();
          expect(await field('petal length').inputValue()).to.equal('1.5');
          await page.evaluate('location.hash = "[5,3,2,1]"');
          await eventually(async () => expect(await field('petal length').inputValue()).to.equal('2'));
        },
        '#[1,2,3]',
      );
    });
  });
});
