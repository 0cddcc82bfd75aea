import { execFileSync } from 'node:child_process';
import { type Browser, chromium } from 'playwright-core';

const names = ['chromium', 'chromium-browser', 'google-chrome'];

/** Launches the Chromium that is installed on this machine. Nothing is downloaded. */
export function launchBrowser(): Promise<Browser> {
  // Chromium's sandbox does not start for root.
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  return chromium.launch({ executablePath: findChromium(), args });
}

function findChromium(): string {
  const found = process.env.CHROMIUM || names.map(which).find((path) => path !== '');
  if (found) return found;
  throw new Error(`There is no Chromium: install it (apt-get install chromium), or name it: CHROMIUM=<path>`);
}

function which(name: string): string {
  try {
    return execFileSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).trim();
  } catch {
    return '';
  }
}
