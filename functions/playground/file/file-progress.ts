import { element } from '../element.ts';
import { count } from '../format.ts';
import type { FileResult } from './file-run.ts';

/** Shows how much of a file is predicted, and a button that stops it. It is hidden while no file is predicted. */
export function createFileProgress() {
  const bar = element('progress', { 'aria-label': 'How much of the file is done', value: 0, max: 1 });
  const rows = element('span', {});
  const stop = element('button', { type: 'button' }, 'Stop');
  const line = element('div', { class: 'file-progress', hidden: true }, bar, rows, stop);
  let running: AbortController | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  stop.addEventListener('click', () => running?.abort());
  return {
    element: line,
    start(bytes: number, controller: AbortController) {
      running = controller;
      bar.max = bytes;
      bar.value = 0;
      rows.textContent = '';
      clearTimeout(timer);
      // Most small files are done before this time, and nobody could read their progress.
      timer = setTimeout(() => {
        line.hidden = false;
      }, 300);
    },
    show(bytes: number, result: FileResult) {
      bar.value = bytes;
      rows.textContent = count(result.rows, 'row');
    },
    end() {
      clearTimeout(timer);
      line.hidden = true;
    },
  };
}
