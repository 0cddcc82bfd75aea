import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseManifest } from '../../functions/core/model/manifest.ts';
import { toContract } from '../../local/model/contract.ts';
import { readManifest } from './files.ts';

const shops = 899;
const groups = ['visits', 'spend', 'basket', 'returns', 'discount', 'delivery', 'clicks', 'calls'];

/**
 * Writes a package with the graph `hundred` of test/fixtures/wide.py into a folder. It has a hundred features, among
 * them an identifier, a feature of 899 categories, small whole numbers and a boolean. Its classes are 0 and 1.
 */
export function writeHundredPackage(directory: string): void {
  const file = readFileSync('test/fixtures/hundred.onnx');
  const features = toFeatures();
  const row = features.map(({ example }) => example);
  const answer = { instances: [row], predictions: [predict(row.map(Number))] };
  const { explanations: _ofIris, ...others } = readManifest();
  const manifest = {
    ...others,
    name: 'hundred',
    description: 'Whether a customer buys again, from a hundred numbers (a made-up model).',
    sha256: toHex(file),
    inputs: [{ name: 'X', dtype: 'float64', shape: [null, features.length] }],
    features: features.map(({ example, ...feature }) => feature),
    target: { name: 'buys_again', unit: null },
    classes: [0, 1],
    metrics: { protocol: 'not measured: the model is made up', values: {} },
    parity: null,
    examples: [answer],
  };
  const { sha256 } = manifest;
  const contract = toContract(parseManifest(manifest));
  const golden = JSON.stringify({ ...answer, sha256, classes: [0, 1], contract, tolerance: 1e-9, scale: 1 });
  const files = { 'golden.json': golden, 'model.json': JSON.stringify(manifest), 'model.onnx': file };
  mkdirSync(join(directory, 'hundred'), { recursive: true });
  for (const [path, content] of Object.entries(files)) writeFileSync(join(directory, 'hundred', path), content);
  const sums = Object.entries(files).map(([path, content]) => `${toHex(content)}  ${path}\n`);
  writeFileSync(join(directory, 'hundred', 'SHA256SUMS'), sums.join(''));
}

function toFeatures() {
  const codes = Array.from({ length: shops }, (_, index) => 1001 + index);
  const categories = { values: codes, frequencies: codes.map(() => 1 / shops), unknown: 'accepted' };
  const plain = { unit: null, nullable: false, categories: null };
  const special = [
    { ...plain, name: 'customer_id', dtype: 'int64', baseline: toBaseline(1, 60_000, 1), example: 41_377 },
    { ...plain, name: 'shop', dtype: 'int64', categories, baseline: toBaseline(1001, 1899, 1), example: 1444 },
    { ...plain, name: 'children', dtype: 'int64', baseline: toBaseline(0, 6, 2), example: 2 },
    { ...plain, name: 'is_member', dtype: 'bool', baseline: toBaseline(0, 1, 1), example: true },
  ];
  const months = Array.from({ length: 12 }, (_, month) => `month_${String(month + 1).padStart(2, '0')}`);
  const numbers = groups.flatMap((group, index) =>
    months.map((month) => {
      const baseline = toBaseline(0, 10 * (index + 1), 1 + (index % 3));
      return { ...plain, name: `${group}_${month}`, dtype: 'float64', baseline, example: 2.5 * (index + 1) };
    }),
  );
  return [...special, ...numbers];
}

/** The baseline of a feature. The greater the power, the more of the training values are near `min`. */
function toBaseline(min: number, max: number, power: number) {
  const deciles = Array.from({ length: 9 }, (_, index) => {
    const value = min + (max - min) * ((index + 1) / 10) ** power;
    return Number.isInteger(min) && max - min < 10 ? Math.round(value) : value;
  });
  return { missing: 0, min, max, mean: (min + max) / (1 + power), std: (max - min) / 4, deciles };
}

/** Computes the same answer as the ONNX graph, which weights each value by its position. */
function predict(row: readonly number[]) {
  const size = row.length;
  const score = row.reduce((sum, value, at) => sum + Math.tanh(value / 20 - 0.5) * ((at / size) * 2 - 1), 0) / 20;
  const probability = 1 / (1 + Math.exp(-2 * score));
  return { label: score > 0 ? 1 : 0, probabilities: { 0: 1 - probability, 1: probability } };
}

function toHex(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}
