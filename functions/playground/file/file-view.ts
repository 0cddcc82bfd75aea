import { type Api, Refusal } from '../api.ts';
import { element, section } from '../element.ts';
import { count } from '../format.ts';
import type { PublicManifest, Row } from '../model.ts';
import { writeCsv } from './csv.ts';
import { createCsvFormat } from './csv-file.ts';
import { createDownload } from './download.ts';
import type { FileFormat } from './file-format.ts';
import { createFileProgress } from './file-progress.ts';
import { toResultElements } from './file-result.ts';
import { type FileResult, predictFile } from './file-run.ts';
import type { SendOptions } from './file-sender.ts';
import { createJsonlFormat } from './jsonl-file.ts';

/** Predicts a file that is dropped or chosen. A new file stops the one before. */
export function createFileView(manifest: PublicManifest, api: Api, onRow: (row: Row) => void): HTMLElement {
  const status = element('p', { class: 'status', role: 'status' });
  const progress = createFileProgress();
  const explains = element('input', { type: 'checkbox' });
  const result = element('div', { class: 'result' });
  const formats = { csv: createCsvFormat(manifest), jsonl: createJsonlFormat(manifest) };
  let running = new AbortController();

  const run = async (file: File) => {
    running.abort();
    running = new AbortController();
    const { signal } = running;
    const format = /\.(jsonl|ndjson)$/i.test(file.name) ? formats.jsonl : formats.csv;
    progress.start(file.size, running);
    result.replaceChildren();
    status.textContent = `${file.name}: predicting …`;
    const options = { explains: explains.checked, signal };
    const { problem, ...done } = await runToEnd(file, format, api, options, progress.show);
    // Another file has taken this one's place.
    if (running.signal !== signal) return;
    progress.end();
    status.textContent = `${file.name}: ${describe(done.result, problem, signal)}`;
    if (done.result) result.replaceChildren(...toResultElements(file.name, done.result, format, manifest, onRow));
  };
  const zone = createZone(manifest, (file) => void run(file));
  const choice = element(
    'label',
    { class: 'aside', hidden: !manifest.explanations },
    explains,
    ' Explain each prediction, which takes longer',
  );
  return section('table', 'Predict a file', zone, choice, status, progress.element, result);
}

interface End {
  readonly result: FileResult | undefined;
  readonly problem: Error | undefined;
}

/** Predicts a file. If an error stops it, the result holds what was predicted before. */
async function runToEnd(
  file: File,
  format: FileFormat,
  api: Api,
  options: SendOptions,
  show: (bytes: number, result: FileResult) => void,
): Promise<End> {
  let result: FileResult | undefined;
  const onProgress = (bytes: number, present: FileResult) => {
    result = present;
    show(bytes, present);
  };
  const problem = await predictFile(file, { api, format, options, onProgress }).then(
    () => undefined,
    (error: Error) => error,
  );
  return { result, problem };
}

function describe(result: FileResult | undefined, problem: Error | undefined, { aborted }: AbortSignal): string {
  const { rows = 0, problems = [] } = result ?? {};
  const wrong = new Set(problems.map(({ record }) => record)).size;
  const left = wrong > 0 ? `, ${count(wrong, 'row')} left out, which ${wrong === 1 ? 'has' : 'have'} problems` : '';
  const done = `${count(rows, 'row')} predicted${left}.`;
  if (aborted) return `stopped. ${done}`;
  if (problem) return rows + wrong > 0 ? `${toText(problem)}. Before that: ${done}` : `${toText(problem)}.`;
  return done;
}

/** Adds the details of a refusal to its message. Those about a header, for example, say what is wrong with it. */
function toText(problem: Error): string {
  const details = problem instanceof Refusal ? problem.errors.slice(0, 5).map(({ detail }) => detail) : [];
  return `${problem.message}${details.length > 0 ? `: ${details.join('; ')}` : ''}`.replace(/\.$/, '');
}

function createZone(manifest: PublicManifest, onFile: (file: File) => void): HTMLElement {
  const input = element('input', { type: 'file', accept: '.csv,text/csv,.jsonl,.ndjson', id: 'csv-file' });
  const zone = element(
    'div',
    { class: 'drop' },
    element('label', { for: input.id }, 'Drop a CSV or JSON Lines file here, or choose one'),
    input,
    element(
      'p',
      { class: 'aside' },
      'One row in each line, and any number of rows. CSV may begin with a line of feature names. ',
      createTemplate(manifest),
    ),
  );
  input.addEventListener('change', () => {
    const [file] = input.files ?? [];
    if (file) onFile(file);
    // Cleared so that the same file can be chosen again after it was corrected.
    input.value = '';
  });
  acceptDrops(zone, onFile);
  return zone;
}

function createTemplate({ features, examples }: PublicManifest): HTMLElement {
  const names = features.map(({ name }) => name);
  const rows = examples.flatMap(({ instances }) => instances).map((row) => row.map((value) => String(value ?? '')));
  return createDownload('rows.csv', [writeCsv([names, ...rows])], 'text/csv', 'Download a file to start from');
}

function acceptDrops(zone: HTMLElement, onFile: (file: File) => void): void {
  const over = (isOver: boolean) => zone.classList.toggle('over', isOver);
  // The whole window accepts files. Otherwise, a file that is dropped beside the zone would replace the page.
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
