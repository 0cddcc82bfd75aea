import { readFile } from 'node:fs/promises';
import { expect } from 'chai';
import type { Browser, Page } from 'playwright-core';
import { invocation } from '../../local/doors/door.ts';
import { type Server, startServer } from '../helpers/server.ts';
import { findViolations } from './accessibility.ts';
import { launchBrowser } from './browser.ts';
import { openPlayground, type Playground } from './playground.ts';

const header = 'sepal_length,sepal_width,petal_length,petal_width';
const row = '5.1,3.5,1.4,0.2';

describe('a file on the playground', () => {
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

  const choose = (name: string, text: string) =>
    page.setInputFiles('#csv-file', { name, mimeType: 'text/csv', buffer: Buffer.from(text) });
  const cells = async () => {
    const rows = await page.locator('.result tbody tr').allInnerTexts();
    return rows.map((text) => text.split('\t'));
  };
  const download = async (link = 'Download all rows with their predictions') => {
    const [saved] = await Promise.all([page.waitForEvent('download'), page.getByText(link).click()]);
    return {
      name: saved.suggestedFilename(),
      text: await readFile(await saved.path(), 'utf8'),
      path: await saved.path(),
    };
  };

  it('has its rows predicted, and can be downloaded with the predictions', async () => {
    await choose('mine.csv', `${header}\r\n${row}\r\n5.7,2.8,4.5,1.3\r\n`);
    await page.getByText('mine.csv: 2 rows predicted.').waitFor();
    expect((await cells()).map((fields) => fields.slice(0, 4))).to.deep.equal([
      ['2', 'setosa', '98.5%', '5.1'],
      ['3', 'versicolor', '87.0%', '5.7'],
    ]);
    const { name, text } = await download();
    expect(name).to.equal('mine-predictions.csv');
    const lines = text.split('\r\n');
    expect(lines[0]).to.equal(`${header},label,setosa,versicolor,virginica`);
    expect(lines[1]).to.match(/^5\.1,3\.5,1\.4,0\.2,setosa,0\.98\d+,0\.015\d+,6\.2\d+e-8$/);
  });

  it('has its invalid rows listed with their problems, and its other rows predicted', async () => {
    await choose('wrong.csv', `${header}\n${row}\n\n5.1,wide,1.4,0.2\n5.1,3.5,1.4\n`);
    await page.getByText('wrong.csv: 1 row predicted, 2 rows left out, which have problems.').waitFor();
    expect(await cells()).to.deep.equal([
      ['4', 'sepal_width', 'expected a number, got a string'],
      ['5', '', `expected 4 values (${header.replaceAll(',', ', ')}), got 3`],
      ['2', 'setosa', '98.5%', ...row.split(',')],
    ]);
    expect((await download('Download the problems')).text).to.match(
      /^line,column,problem,row\r\n4,sepal_width,"expected a number, got a string","5\.1,wide,1\.4,0\.2"\r\n5,/,
    );
    expect(await findViolations(page)).to.deep.equal([]);
  });

  it('is refused with the reason if it is not a table of rows for the model', async () => {
    await choose('empty.csv', '');
    await page.getByText('empty.csv: There are no rows.').waitFor();
    await choose('open.csv', 'petal\n"');
    await page.getByText('open.csv: The record that begins in line 2 does not end: a quote is not closed.').waitFor();
    await choose('quote.csv', `${header}\n5.1,3"5,1.4,"0.2\n`);
    await page.getByText(/quote\.csv: Expected the body to be CSV of RFC 4180/).waitFor();
    await choose('other.csv', `${header.replace('petal_width', 'colour')}\n${row}\n`);
    await page.getByText(/^other\.csv: .*petal_width/).waitFor();
    expect(await page.locator('.result tbody tr').count()).to.equal(0);
  });

  it('may lack a header, and can be dropped anywhere on the page', async () => {
    await page.evaluate(`(() => {
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File(['5.9,3.2,4.8,1.8\\n'], 'bare.csv', { type: 'text/csv' }));
      document.querySelector('.facts').dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }));
    })()`);
    await page.getByText('bare.csv: 1 row predicted.').waitFor();
    expect(await page.locator('.result thead').innerText()).to.match(/line\s+label\s+probability\s+sepal_length/);
  });

  it('may have columns that the model does not know', async () => {
    await choose('ids.csv', `id,${header}\n7,${row}\n`);
    await page.getByText('Columns that the model does not use: id.').waitFor();
    expect(await cells()).to.deep.equal([['2', 'setosa', '98.5%', '7', ...row.split(',')]]);
  });

  it('may be JSON Lines', async () => {
    await choose(
      'mine.jsonl',
      `[${row}]\n{"sepal_length":5.7,"sepal_width":2.8,"petal_length":4.5,"petal_width":1.3}\n{`,
    );
    await page.getByText('mine.jsonl: 2 rows predicted, 1 row left out, which has problems.').waitFor();
    const { name, text } = await download();
    expect(name).to.equal('mine-predictions.jsonl');
    const rows = text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(rows.map(({ label }) => label)).to.deep.equal(['setosa', 'versicolor']);
    expect(rows[1]).to.include({ petal_width: 1.3 });
  });

  it('can be made from an example file that the page offers', async () => {
    const { path } = await download('Download a file to start from');
    await page.setInputFiles('#csv-file', path);
    await page.getByText(/: 3 rows predicted\./).waitFor();
  });

  it('has each prediction explained if the visitor asks for it', async () => {
    await page.getByLabel('Explain each prediction').check();
    await choose('why.csv', `${header}\n${row}\n5.7,2.8,4.5,1.3\n`);
    await page.getByText('why.csv: 2 rows predicted.').waitFor();
    const [first] = await cells();
    expect(first?.[3]).to.match(/^petal_length = 1\.4 cm: \+0\.237; /);
    const { text } = await download();
    expect(text.split('\r\n')[1]).to.match(/,6\.2\d+e-8,petal_length = 1\.4 cm: \+0\.237; sepal_width/);
  });

  it('has a button for each row that shows the row in the form', async () => {
    await choose('mine.csv', `id,${header}\n1,${row}\n2,5.7,2.8,4.5,1.3\n`);
    await page.getByRole('button', { name: '3', exact: true }).click();
    expect(await playground.field('petal length').inputValue()).to.equal('4.5');
    await page.locator('.why-summary').getByText('versicolor').waitFor();
    await page.locator('.change').waitFor({ state: 'hidden' });
    await playground.field('petal length').fill('5');
    await page
      .locator('.change')
      .getByText(/ for \w+ since you changed petal length\./)
      .waitFor();
  });

  it('may be larger than the largest request', async () => {
    // Trailing zeros make each row longer, so that fewer rows are needed for a large file.
    const long = row.replaceAll(/[\d.]+/g, (value) => value.padEnd(24, '0'));
    const rows = Math.ceil((invocation * 1.2) / (long.length + 1));
    const lines = new Array<string>(rows).fill(long);
    lines[5] = '5.1,wide,1.4,0.2';
    lines[rows - 2] = '5.1,,1.4,0.2';
    const text = `${header}\n${lines.join('\n')}\n`;
    expect(text.length).to.be.above(invocation);
    await choose('large.csv', text);
    const predicted = new Intl.NumberFormat('en').format(rows - 2);
    await page
      .getByText(`large.csv: ${predicted} rows predicted, 2 rows left out, which have problems.`)
      .waitFor({ timeout: 60_000 });
    const problems = await page.getByRole('region', { name: 'Problems' }).locator('tbody tr').allInnerTexts();
    expect(problems.map((problem) => problem.split('\t')[0])).to.deep.equal(['7', String(rows)]);
    const saved = (await download()).text.split('\r\n');
    expect(saved).to.have.length(rows - 2 + 2);
    expect(saved.at(-2)).to.match(/^5\.10+,3\.50+,1\.40+,0\.20+,setosa,0\.98/);
    expect(new Set(saved.slice(1, -1)).size).to.equal(1);
    expect(playground.complaints.filter((complaint) => !/413|422/.test(complaint))).to.deep.equal([]);
  });

  it('can be stopped, and keeps the predictions that were made before', async () => {
    let asked = 0;
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    await page.route('**/predict', async (route) => {
      // The form also sends requests, but as JSON.
      if (route.request().headers()['content-type']?.startsWith('text/csv')) asked += 1;
      // The first part of the file is answered at once, and the second waits.
      if (asked > 1) await held;
      await route.continue().catch(() => undefined);
    });
    await choose('long.csv', `${header}\n${new Array<string>(60_000).fill(row).join('\n')}\n`);
    await page.getByText(/^[\d,]+ rows$/).waitFor();
    await page.getByRole('button', { name: 'Stop' }).click();
    await page.getByText(/^long\.csv: stopped\. [\d,]+ rows predicted\.$/).waitFor();
    await page.getByRole('progressbar').waitFor({ state: 'hidden' });
    expect((await download()).text.split('\r\n').length).to.be.within(1000, 60_000);
    release();
  });
});
