import { element } from '../element.ts';
import { formatCount } from '../format.ts';
import type { PublicManifest, Row } from '../model.ts';
import { toAnswerFields, toAnswerNames } from './answer-fields.ts';
import { writeCsv } from './csv.ts';
import { createDownload } from './download.ts';
import type { FileFormat } from './file-format.ts';
import type { RowProblem } from './file-problems.ts';
import { type FileResult, mostShown } from './file-run.ts';
import { createScrollingTable } from './scrolling-table.ts';

const mostReasons = 3;

/** Shows the result of a file: the problems of its rows, and the predictions of the other rows. */
export function toResultElements(
  name: string,
  result: FileResult,
  format: FileFormat,
  manifest: PublicManifest,
  onRow: (row: Row) => void,
): HTMLElement[] {
  return [
    ...(result.problems.length > 0 ? toProblems(name, result.problems) : []),
    ...(result.rows > 0 ? toPredictions(name, result, format, manifest, onRow) : []),
  ];
}

function toPredictions(
  name: string,
  { header, shown, rows, parts, ignored }: FileResult,
  format: FileFormat,
  manifest: PublicManifest,
  onRow: (row: Row) => void,
): HTMLElement[] {
  const hasReasons = shown.some(({ prediction: { reasons } }) => reasons !== undefined);
  const answers = [...toAnswerNames(manifest), ...(hasReasons ? ['reasons'] : [])];
  const body = shown.map(({ record, prediction }) => {
    const { reasons = [] } = prediction;
    const said = hasReasons ? [reasons.slice(0, mostReasons).join('; ')] : [];
    return [String(record.line), ...toAnswerFields(prediction, manifest), ...said, ...format.toValues(record)];
  });
  const showRow = (index: number) => {
    const record = shown[index]?.record;
    if (record) onRow(format.toRow(record, header));
  };
  const notes = [
    ...(ignored.length > 0 ? [`Columns that the model does not use: ${ignored.join(', ')}.`] : []),
    'Press a line to put its row into the form above.',
    ...(shown.length < rows ? [`The first ${shown.length} rows.`] : []),
  ];
  const [, stem = name, ending = ''] = /^(.*)(\.\w+)$/.exec(name) ?? [];
  const download = createDownload(
    `${stem}-predictions${ending}`,
    parts,
    format.mediaType,
    'Download all rows with their predictions',
  );
  return [
    element('p', {}, notes.map((note) => `${note} `).join(''), download),
    createScrollingTable('Predictions', ['line', ...answers, ...format.toNames(header)], body, answers.length, showRow),
  ];
}

/** Lists the problems by line and column, as the API words them. */
function toProblems(name: string, problems: readonly RowProblem[]): HTMLElement[] {
  const header = ['line', 'column', 'problem'];
  const body = problems.map(({ record, column, detail }) => [String(record.line), column, detail]);
  const more =
    problems.length > mostShown ? `The first ${mostShown} of ${formatCount(problems.length)} problems. ` : '';
  const rows = problems.map(({ record }, index) => [...(body[index] ?? []), record.text]);
  const download = createDownload(
    `${name.replace(/\.\w+$/, '')}-problems.csv`,
    [writeCsv([[...header, 'row'], ...rows])],
    'text/csv',
    'Download the problems',
  );
  return [element('p', {}, more, download), createScrollingTable('Problems', header, body.slice(0, mostShown), 1)];
}
