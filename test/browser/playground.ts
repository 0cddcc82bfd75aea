import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core';
import type { Prediction } from '../../functions/core/model/prediction.ts';

/** A playground that is open in a browser. */
export interface Playground {
  readonly page: Page;
  /** The browser's errors: violations of the content security policy, exceptions and failed requests. */
  readonly complaints: readonly string[];
  /** The addresses that the page requested. */
  readonly requests: readonly string[];
  /** The slider of a feature, by the feature's name as shown, such as `petal length`. */
  slider(feature: string): Locator;
  /** The field of a feature, by the feature's name as shown. */
  field(feature: string): Locator;
  readonly label: Locator;
  /** The text beside each bar, by the name of the class or number that the bar shows. */
  shares(): Promise<Record<string, string>>;
}

/** Opens the playground, and waits for its first prediction. */
export async function openPlayground(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<Playground> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 }, ...options });
  const complaints: string[] = [];
  const requests: string[] = [];
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('request', (request) => requests.push(request.url()));
  await page.goto(url);
  await page.locator('.timing').getByText('on the server').waitFor();
  return {
    page,
    complaints,
    requests,
    slider: (feature) => page.getByRole('slider', { name: `${feature}, within the training range` }),
    field: (feature) => page.getByLabel(feature, { exact: true }),
    label: page.locator('.headline strong'),
    shares: async () => {
      const bars = await page.locator('.answer .bars li').allInnerTexts();
      return Object.fromEntries(bars.map((text) => text.trim().split(/\n+/)));
    },
  };
}

/** Returns the API's own prediction for a row. */
export async function ask(url: string, row: unknown): Promise<Prediction> {
  const response = await fetch(`${url}/predict`, { method: 'POST', body: JSON.stringify(row) });
  const { predictions } = (await response.json()) as { predictions: [Prediction] };
  return predictions[0];
}

/** Repeats an expectation until it holds. After 8 seconds, throws its error. */
export async function eventually<T>(expectation: () => Promise<T>): Promise<T> {
  const end = Date.now() + 8000;
  for (;;) {
    try {
      return await expectation();
    } catch (error) {
      if (Date.now() > end) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}
