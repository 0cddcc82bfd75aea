import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core';
import type { Prediction } from '../../functions/core/model/prediction.ts';

/** The page as a visitor finds it. */
export interface Playground {
  readonly page: Page;
  /** What the browser complained of: violations of the policy, exceptions, failed requests. */
  readonly complaints: readonly string[];
  /** Addresses that were asked for. */
  readonly requests: readonly string[];
  /** Of the feature, by its words. */
  slider(feature: string): Locator;
  field(feature: string): Locator;
  readonly label: Locator;
  /** What stands beside each bar, by class. */
  shares(): Promise<Record<string, string>>;
}

/** Opens it, and waits for its first prediction. */
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

/** What the API itself answers. */
export async function ask(url: string, row: unknown): Promise<Prediction> {
  const response = await fetch(`${url}/predict`, { method: 'POST', body: JSON.stringify(row) });
  const { predictions } = (await response.json()) as { predictions: [Prediction] };
  return predictions[0];
}

/** Repeats what is expected until it holds. */
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
