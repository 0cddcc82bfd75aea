import { relative, resolve } from 'node:path';

/** Whether a command line means a folder, and not the name of one under models/. */
export function isPath(value: string): boolean {
  return value.includes('/') || /^\.\.?$/.test(value);
}

/** A path from where the command runs. `typedIn` is where it was typed: npm runs it in another folder. */
export function toFolder(path: string, typedIn = '.'): string {
  const absolute = resolve(typedIn, path);
  const near = relative('.', absolute) || '.';
  return near.startsWith('..') ? absolute : near;
}
