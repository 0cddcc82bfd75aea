import type { Naive, Refused, Visited } from './report.ts';

/**
 * Up to this error, as a share of the largest number, the usual export counts as right: float32's rounding explains it.
 */
const largestOfFloat32 = 1e-4;

/** The text of docs/zoo.md. */
export function toDocument(visited: readonly Visited[], refused: readonly Refused[]): string {
  const points = visited.reduce((sum, { parity }) => sum + parity.rows, 0);
  const rows = visited.reduce((sum, entry) => sum + entry.rows, 0);
  const [examples, classes] = [visited.filter(({ family }) => !family), visited.filter(({ family }) => family)];
  return `# Tested estimators

This page lists tests of every class of scikit-learn that predicts or transforms rows, and of classes of other libraries. Some classes have
several tests, with different options. A test counts as *exported* if the estimator was exported and the function then gave the original's
answer to every row.
The usual exporter (skl2onnx and onnxmltools, float32) is *right* if no label differs, no probability by more than ${scientific(largestOfFloat32)}, and no other
number by more than ${scientific(largestOfFloat32)} of the largest absolute value among the original's answers.

| kind | tests | exported | converted by the usual exporter | of these, right |
|---|--:|--:|--:|--:|
${toCounts(visited, refused).join('\n')}

Each export compares the model's answers with the original's, which is its *proof*: ${count(points)} rows in all. The function then answered
${count(rows)} other rows, inside and around the training range. ${toExplained(visited)}

## Examples

Typical pipelines and models, on data that scikit-learn ships or that is generated.

- *points*: rows of the proof. *rows*: other rows that the function answered.
- *labels*: the share of these rows whose label is the original's. *error*: the largest difference of a probability, or of another number as
  a share of the largest of the original's answers.
- *kB*: the size of model.onnx.
- *float32*: labels and error of the usual export (skl2onnx and onnxmltools with float32 inputs), on the same rows.
- *µs*: time per row, from the fastest call with all rows at once, in onnxruntime-node and by the original's \`predict_proba\` or
  \`predict\`, each on one thread. They were measured on the machine that ran \`npm run test:zoo\`; compare only the two
  times of a row with each other.

All exported models add up in float64, except those of XGBoost, which itself adds up in float32.

| estimator | data | points | rows | labels | error | kB | float32: labels | float32: error | µs | µs, original |
|---|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|
${examples.map(toLine).join('\n')}

## Refused

The export refused these classes, with the message in the last column. Where that begins with "it could not be fitted to a table",
the estimator itself failed in \`fit\`, before an export.
[All that is refused, and why](refused.md).

| estimator | data | message |
|---|---|---|
${refused.map(({ estimator, data, refused: reason }) => `| ${estimator} | ${data} | ${escapeCell(reason)} |`).join('\n')}

## Class by class

| kind | class | data | points | error | float32: labels | float32: error |
|---|---|---|--:|--:|--:|--:|
${classes.map(toClassLine).join('\n')}

Written by \`npm run test:zoo\`.
`;
}

/** The result of comparing explanations with shap's. */
function toExplained(visited: readonly Visited[]): string {
  const compared = visited.flatMap(({ explained }) => (explained?.rows ? [explained] : []));
  const rows = compared.reduce((sum, explained) => sum + explained.rows, 0);
  const exact = compared.filter(({ method }) => method === 'exact').length;
  const errors = compared.map((explained) => explained.largest_error).toSorted((one, other) => one - other);
  const [median = 0, largest = 0] = [errors[errors.length >> 1], errors.at(-1)];
  return `The exports also explained ${count(rows)} rows,
and shap explained the same rows with the originals: by the exact method for ${exact} models, and by permutations for ${compared.length - exact}
([the methods](exact-export.md#explanations)). The difference is ${scientific(median)} of the largest answer or less for half of the models,
and ${scientific(largest)} or less for all.`;
}

/** A line for each family, in the order in which the families first occur. */
function toCounts(visited: readonly Visited[], refused: readonly Refused[]): string[] {
  const entries = [...visited, ...refused].filter(({ family }) => family);
  const right = new Set<unknown>(visited.filter(({ wrong }) => wrong.length === 0));
  return [...new Set(entries.map(({ family }) => family))].map((family) => {
    const members = entries.filter((entry) => entry.family === family);
    const cells = [
      family,
      members.length,
      members.filter((entry) => right.has(entry)).length,
      members.filter(({ naive }) => !('failed' in naive)).length,
      members.filter(({ naive }) => isRight(naive)).length,
    ];
    return `| ${cells.join(' | ')} |`;
  });
}

function isRight(naive: Naive): boolean {
  return !('failed' in naive) && (naive.labels ?? 0) === 0 && naive.error <= largestOfFloat32;
}

function toClassLine({ family, estimator, data, parity, largestError, naive, rows }: Visited): string {
  const cells = [family, estimator, data, count(parity.rows), scientific(largestError), ...toNaiveCells(naive, rows)];
  return `| ${cells.join(' | ')} |`;
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
