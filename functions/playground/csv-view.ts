import { type Table, toAnswerFields, toAnswerNames, toDownloadRecords } from './answer-fields.ts';
import { type Answer, type Api, type DataError, Refusal, toSteps } from './api.ts';
import { type CsvRecord, parseCsv, writeCsv } from './csv.ts';
import { element, section } from './element.ts';
import { count } from './format.ts';
import type { Prediction, PublicManifest } from './model.ts';

/** More would make the page slow, and are in the file to download. */
const mostShown = 100;

/** Predicts a whole file: dropped, or chosen. */
export function createCsvView(manifest: PublicManifest, api: Api): HTMLElement {
  const input = element('input', { type: 'file', accept: '.csv,text/csv', id: 'csv-file' });
  const names = manifest.features.map(({ name }) => name);
  const zone = element(
    'div',
    { class: 'drop' },
    element('label', { for: input.id }, 'Drop a CSV file here, or choose one'),
    input,
    element(
      'p',
      { class: 'aside' },
      'A header with the names of the features, then a row each. ',
      toTemplateLink(names, manifest),
    ),
  );
  const status = element('p', { class: 'status', role: 'status' });
  const result = element('div', { class: 'result' });
  const run = async (file: File) => {
    result.replaceChildren();
    status.textContent = `${file.name}: being predicted …`;
    await predictFile(file, manifest, api, status, result);
  };
  input.addEventListener('change', () => {
    const [file] = input.files ?? [];
    if (file) void run(file);
    // So that the same file can be chosen again once it is mended.
    input.value = '';
  });
  acceptDrops(zone, (file) => void run(file));
  return section('table', 'Predict a file', zone, status, result);
}

function toTemplateLink(names: readonly string[], { examples }: PublicManifest): HTMLElement {
  const rows = examples.flatMap(({ instances }) => instances).map((row) => row.map((value) => String(value ?? '')));
  return toDownload('rows.csv', writeCsv([names, ...rows]), 'Download one to start from');
}

function acceptDrops(zone: HTMLElement, onFile: (file: File) => void): void {
  const over = (isOver: boolean) => zone.classList.toggle('over', isOver);
  // The whole window takes it: beside the zone, the browser would leave the page for the file.
  addEventListener('dragover', (event) => {
    event.preventDefault();
    over(true);
  });
  addEventListener('dragleave', (event) => {
    if (!event.relatedTarget) over(false);
  });
  addEventListener('drop', (event) => {
    event.preventDefault();
    over(false);
    const [file] = event.dataTransfer?.files ?? [];
    if (file) onFile(file);
  });
}

async function predictFile(
  file: File,
  manifest: PublicManifest,
  api: Api,
  status: HTMLElement,
  result: HTMLElement,
): Promise<void> {
  const records = parseCsv(await file.text());
  try {
    const answer = await api.predictCsv(file);
    const table = toTable(file.name, records, answer, manifest);
    status.textContent = `${file.name}: ${count(table.rows.length, 'row')} predicted.`;
    result.replaceChildren(...toResult(table, answer.predictions, manifest));
  } catch (error) {
    status.textContent = `${file.name}: ${(error as Error).message}.`;
    const errors = error instanceof Refusal ? error.errors : [];
    if (errors.length > 0) result.replaceChildren(toErrorTable(errors, records));
  }
}

/** The API takes the first record for a header where it is none of the rows. */
function toTable(
  name: string,
  records: readonly CsvRecord[],
  { predictions }: Answer,
  { features }: PublicManifest,
): Table {
  const [first, ...others] = records;
  if (first && others.length === predictions.length) return { name, header: first.fields, rows: others };
  return { name, header: features.map((feature) => feature.name), rows: records };
}

function toResult(table: Table, predictions: readonly Prediction[], manifest: PublicManifest): HTMLElement[] {
  const answers = toAnswerNames(manifest);
  const body = table.rows.slice(0, mostShown).map(({ line, fields }, index) => {
    const prediction = predictions[index];
    return [String(line), ...(prediction ? toAnswerFields(prediction, manifest) : []), ...fields];
  });
  const shown = body.length < table.rows.length ? `The first ${body.length} rows. ` : '';
  const download = toDownload(
    toResultName(table.name),
    writeCsv(toDownloadRecords(table, predictions, manifest)),
    'Download all with the predictions',
  );
  return [
    element('p', {}, shown, download),
    toScrollingTable('Predictions', ['line', ...answers, ...table.header], body, answers.length),
  ];
}

function toResultName(name: string): string {
  return `${name.replace(/\.csv$/i, '')}-predictions.csv`;
}

/** The API's own errors; its pointers start with the number of the record. */
function toErrorTable(errors: readonly DataError[], records: readonly CsvRecord[]): HTMLElement {
  const body = errors.map(({ pointer, detail }) => {
    const [record, column = ''] = toSteps(pointer);
    const line = record === undefined ? '' : String(records[Number(record)]?.line ?? '');
    return [line, column, detail];
  });
  return toScrollingTable('Problems', ['line', 'column', 'problem'], body, 1);
}

/** `strong` columns after the first hold the answer. */
function toScrollingTable(
  name: string,
  header: readonly string[],
  body: readonly (readonly string[])[],
  strong: number,
): HTMLElement {
  const kinds = header.map((_, column) => {
    const isAnswer = column > 0 && column <= strong;
    return [isNumeric(body, column) ? 'number' : '', isAnswer ? 'strong' : ''].join(' ').trim() || undefined;
  });
  const toCell = (text: string, column: number) => element('td', { class: kinds[column] }, text);
  const toHead = (text: string, column: number) => element('th', { class: kinds[column], scope: 'col' }, text);
  const head = element('tr', {}, ...header.map(toHead));
  const rows = body.map((fields) => element('tr', {}, ...fields.map(toCell)));
  const table = element(
    'table',
    {},
    element('caption', { class: 'spoken' }, name),
    element('thead', {}, head),
    element('tbody', {}, ...rows),
  );
  return element('div', { class: 'scrolling', role: 'region', 'aria-label': name, tabindex: 0 }, table);
}

/** Whether a column holds nothing but numbers, as they are written here and in files. */
function isNumeric(body: readonly (readonly string[])[], column: number): boolean {
  return body.every((fields) =>
    Number.isFinite(Number((fields[column] ?? '').replace(/[<>%,]/g, '').replace('\u2212', '-'))),
  );
}

function toDownload(name: string, text: string, label: string): HTMLElement {
  const link = element('a', { href: '', download: name }, label);
  // Made when it is wanted: an address of an object keeps it in memory.
  link.addEventListener('click', () => {
    const url = URL.createObjectURL(new Blob([text], { type: 'text/csv' }));
    link.href = url;
    setTimeout(() => URL.revokeObjectURL(url), 10_000);
  });
  return link;
}
