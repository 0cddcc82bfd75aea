import type { Naive, Refused, Visited } from './report.ts';

/** docs/zoo.md. */
export function toDocument(visited: readonly Visited[], refused: readonly Refused[]): string {
  const points = visited.reduce((sum, { parity }) => sum + parity.rows, 0);
  const rows = visited.reduce((sum, entry) => sum + entry.rows, 0);
  return `# The zoo

Estimators on data that scikit-learn ships or that is generated, exported and then served by the function. Each export has
proven itself on its own ${count(points)} points; the function has then answered ${count(rows)} other rows, inside and
around the training range, for this table.

- *labels* and *error*: of the function's answers against the original's. An error is of a probability, or of a value as a
  share of the largest.
- *float32*: the same of the usual export (skl2onnx and onnxmltools with float32 inputs), on the same rows.
- *µs*: a row, of the fastest call with all rows at once, in onnxruntime-node and by the original's \`predict_proba\` or
  \`predict\`, each on one thread. They are of the machine that ran \`npm run test:zoo\`; only their ratio says something.

All models compute in float64, but XGBoost's, which computes in float32 itself.

| estimator | data | points | rows | labels | error | kB | float32: labels | float32: error | µs | µs, original |
|---|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|
${visited.map(toLine).join('\n')}

Refused, each by a message that names the estimator and what to use instead:

| estimator | data | |
|---|---|---|
${refused.map(({ estimator, data, refused: reason }) => `| ${estimator} | ${data} | ${escapeCell(reason)} |`).join('\n')}

Written by \`npm run test:zoo\`.
`;
}

function toLine(entry: Visited): string {
  const { estimator, data, parity, rows, agreement, largestError, bytes, naive, microseconds } = entry;
  const cells = [
    estimator,
    data,
    count(parity.rows),
    count(rows),
    agreement === null ? '' : percent(agreement),
    scientific(largestError),
    (bytes / 1000).toFixed(bytes < 100_000 ? 1 : 0),
    ...toNaiveCells(naive, rows),
    microseconds.toFixed(2),
    entry.original_microseconds.toFixed(2),
  ];
  return `| ${cells.join(' | ')} |`;
}

function toNaiveCells(naive: Naive, rows: number): string[] {
  if ('failed' in naive) return ['fails', ''];
  return [naive.labels === null ? '' : percent(1 - naive.labels / rows), scientific(naive.error)];
}

function percent(share: number): string {
  return share === 1 ? '100 %' : `${Math.min(99.99, share * 100).toFixed(2)} %`;
}

function scientific(value: number): string {
  return value === 0 ? '0' : value.toExponential(0).replace('e-', 'e−');
}

function count(value: number): string {
  return value.toLocaleString('en');
}

function escapeCell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}
