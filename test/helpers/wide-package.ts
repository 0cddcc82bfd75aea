import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readManifest } from './files.ts';

/**
 * The graphs of test/fixtures/wide.py with one feature: their number of classes, and how many intermediate numbers they
 * compute for each row.
 */
const graphs = { wide: { classes: 3000, between: 3000 }, heavy: { classes: 2, between: 100_000 } };

/**
 * Writes a package with one of these graphs into a folder. It has one feature, and its classes are named by their
 * positions.
 */
export function writeWidePackage(directory: string, name: keyof typeof graphs): void {
  const { classes, between } = graphs[name];
  const file = readFileSync(`test/fixtures/${name}.onnx`);
  const { features, explanations: _explanations, ...manifest } = readManifest();
  const model = JSON.stringify({
    ...manifest,
    name,
    sha256: sha256(file),
    inputs: [{ name: 'X', dtype: 'float64', shape: [null, 1] }],
    features: (features as object[]).slice(0, 1),
    classes: Array.from({ length: classes }, (_, position) => String(position)),
    examples: [{ instances: [[1]], predictions: [answer(classes, between)] }],
  });
  const golden = JSON.stringify({ instances: [[1]], predictions: [answer(classes, between)] });
  const files = { 'golden.json': golden, 'model.json': model, 'model.onnx': file };
  mkdirSync(join(directory, name), { recursive: true });
  for (const [path, content] of Object.entries(files)) writeFileSync(join(directory, name, path), content);
  const sums = Object.entries(files).map(([path, content]) => `${sha256(content)}  ${path}\n`);
  writeFileSync(join(directory, name, 'SHA256SUMS'), sums.join(''));
}

/** The answer to the row [1]. */
function answer(classes: number, between: number) {
  const mean = (between - 1) / 2 / between;
  const scores = classes === 2 ? [-mean, mean] : Array.from({ length: classes }, (_, k) => k / classes);
  const sum = scores.reduce((total, score) => total + Math.exp(score), 0);
  const probabilities = scores.map((score, position) => [String(position), Math.exp(score) / sum]);
  return { label: String(classes - 1), probabilities: Object.fromEntries(probabilities) };
}

function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}
