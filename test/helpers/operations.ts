import { readFileSync } from 'node:fs';

export interface DocumentedMetric {
  metric: string;
  unit: string;
  /** The names of the dimensions, sorted. */
  dimensions: string[];
}

/** Reads the table of docs/operations.md that lists the function's metrics. */
export function readDocumentedMetrics(): DocumentedMetric[] {
  return readTable('### Metrics').map(([metric = '', unit = '', dimensions = '']) => {
    return { metric, unit, dimensions: dimensions.split(', ').sort() };
  });
}

/** Reads the table of docs/operations.md that lists the AWS metrics of the dashboard and the alarms. */
export function readDocumentedAwsMetrics(): (DocumentedMetric & { namespace: string })[] {
  return readTable('### Metrics of AWS').map(([namespace = '', metric = '', unit = '', dimensions = '']) => {
    return { namespace, metric, unit, dimensions: dimensions.split(', ').sort() };
  });
}

export function readDocumentedLogFields(): string[] {
  return readTable('### Log fields').map(([field = '']) => field);
}

/** Reads the table of the log fields of batch. The table leaves out the fields that Powertools adds to every line. */
export function readDocumentedBatchLogFields(): string[] {
  return readTable('### Log fields of batch').map(([field = '']) => field);
}

export function readDocumentedAccessLogFields(): string[] {
  return readTable('### Access log fields').map(([field = '']) => field);
}

/** The anchors of docs/operations.md, as GitHub makes them from the headings. */
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

/** Reads the rows of the first table under a heading, without backquotes. */
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
