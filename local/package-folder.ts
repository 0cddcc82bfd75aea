import { relative, resolve } from 'node:path';

/** Whether an argument is the path of a folder, and not the name of one under models/. */
export function isPath(value: string): boolean {
  return value.includes('/') || /^\.\.?$/.test(value);
}

/**
 * Resolves a path. `typedIn` is the folder in which the command was typed, because npm runs it in another one. The
 * result is relative if it is below the current folder.
 */
export function toFolder(path: string, typedIn = '.'): string {
  const absolute = resolve(typedIn, path);
  const near = relative('.', absolute) || '.';
  return near.startsWith('..') ? absolute : near;
}
