import { mkdir, rm, writeFile } from 'node:fs/promises';
import { createRandom } from './random.ts';

export const formats = ['json', 'csv', 'oip'] as const;
export type Format = (typeof formats)[number];

const names = ['sepal_length', 'sepal_width', 'petal_length', 'petal_width'];

/** Creates random rows in the ranges of the iris data, the same in each run. `digits` are those behind the point. */
function createRows(count: number, digits = 1): number[][] {
  const random = createRandom(1);
  const value = (low: number, high: number) => Number((low + random() * (high - low)).toFixed(digits));
  return Array.from({ length: count }, () => [value(4.3, 7.9), value(2, 4.4), value(1, 6.9), value(0.1, 2.5)]);
}

/** The HTTP request that carries rows in a format. `{model}` is replaced by the model's name. */
const requests: Readonly<Record<Format, (rows: number[][]) => { path: string; type: string; body: string }>> = {
  json: (rows) => ({ path: '/predict', type: 'application/json', body: JSON.stringify(rows) }),
  csv: (rows) => ({ path: '/predict', type: 'text/csv', body: [names, ...rows].map((row) => row.join()).join('\n') }),
  oip: (rows) => {
    const tensor = { name: 'rows', shape: [rows.length, 4], datatype: 'FP64', data: rows.flat() };
    return { path: '/v2/models/{model}/infer', type: 'application/json', body: JSON.stringify({ inputs: [tensor] }) };
  },
};

const toEvent = ({ path, type, body }: { path: string; type: string; body: string }) => ({
  version: '2.0',
  rawPath: path,
  headers: { 'content-type': type, ...(type === 'text/csv' && { accept: type }) },
  requestContext: { http: { method: 'POST', path }, requestId: 'bench', stage: '$default' },
  body,
  isBase64Encoded: false,
});

/** Rows of the largest request. With all digits they fill Lambda's 6 MiB, and their labels fit into an answer. */
const largestRows = 76_000;

/** Writes the events that Sepal and Python both read. */
export async function writeEvents(folder: string, counts: readonly number[]): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  for (const count of counts) {
    const rows = createRows(count);
    for (const format of formats) {
      await writeFile(`${folder}/${format}-${count}.json`, JSON.stringify(toEvent(requests[format](rows))));
    }
  }
  const body = JSON.stringify({ instances: createRows(largestRows, 16) });
  const largest = toEvent({ path: '/invocations', type: 'application/json', body });
  await writeFile(`${folder}/largest.json`, JSON.stringify(largest));
}
