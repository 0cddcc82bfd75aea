import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

interface Violation {
  readonly id: string;
  readonly impact: string;
  readonly help: string;
  readonly nodes: readonly { readonly html: string }[];
}

const { source } = createRequire(import.meta.url)('axe-core') as { source: string };

/** Describes the serious and critical accessibility violations that axe finds in the page's current state. */
export async function findViolations(page: Page): Promise<string[]> {
  // axe is evaluated, because the page's content security policy would block an added script.
  await page.evaluate(source);
  const { violations } = (await page.evaluate('axe.run()')) as { violations: Violation[] };
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' | ')}`);
}
