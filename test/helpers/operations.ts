import { readFileSync } from 'node:fs';

export interface DocumentedMetric {
  metric: string;
  unit: string;
  /** Names of the dimensions, sorted. */
  dimensions: string[];
}

/** The table of docs/operations.md that lists what the function emits. */
export function readDocumentedMetrics(): DocumentedMetric[] {
  return readTable('### Metrics').map(([metric = '', unit = '', dimensions = '']) => {
    return { metric, unit, dimensions: dimensions.split(', ').sort() };
  });
}

/** The metrics of AWS that the dashboard and the alarms use, as `namespace metric`. */
export function readDocumentedAwsMetrics(): (DocumentedMetric & { namespace: string })[] {
  return readTable('### Metrics of AWS').map(([namespace = '', metric = '', unit = '', dimensions = '']) => {
    return { namespace, metric, unit, dimensions: dimensions.split(', ').sort() };
  });
}

export function readDocumentedLogFields(): string[] {
  return readTable('### Log fields').map(([field = '']) => field);
}

/** What the lines of batch have besides what Powertools writes in every line. */
export function readDocumentedBatchLogFields(): string[] {
  return readTable('### Log fields of batch').map(([field = '']) => field);
}

export function readDocumentedAccessLogFields(): string[] {
  return readTable('### Access log fields').map(([field = '']) => field);
}

/** What a link into docs/operations.md can end with, as GitHub makes it of the headings. */
export function readAnchors(): string[] {
  return [...readOperations().matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

function readOperations(): string {
  return readFileSync('docs/operations.md', 'utf8');
}

/** The rows of the first table under a heading; a cell's backquotes are left out. */
function readTable(heading: string): string[][] {
  const [, section] = readOperations().split(`\n${heading}\n`);
  const rows = section?.split(/\n#/)[0]?.match(/^\|.+$/gm);
  if (!rows) throw new Error(`docs/operations.md has no table under ${heading}`);
  return rows.slice(2).map((row) =>
    row
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.replaceAll('`', '').trim()),
  );
}
