import { toClassCell } from '../../core/csv/class-cell.ts';
import { toValue } from '../../core/csv/field.ts';
import { findColumns } from '../../core/model/header.ts';
import { JobError } from '../job-error.ts';
import { checkRows, problemsOf, type ReadRow } from './checked-rows.ts';
import type { InputFormat, OutputFormat, Reading } from './format.ts';
import { createLineCutter, toBatches } from './jsonl-lines.ts';
import { toReasons } from './reasons.ts';
import { wholeParts } from './whole-parts.ts';

const headers = new WeakMap<object, readonly string[]>();

async function readHeader({ store, source }: Parameters<InputFormat['cut']>[0]): Promise<string> {
  let text = '';
  for await (const block of store.read(source, 0, Math.min(source.size, 65536))) {
    text += Buffer.from(block).toString('latin1');
    break;
  }
  return text.slice(0, text.indexOf('\n') + 1);
}

/** Without quotes. */
export const csv: InputFormat & OutputFormat = {
  async cut(input, { manifest, keep }: Reading, sliceBytes) {
    const header = await readHeader(input);
    const names = header.trim().split(',');
    try {
      findColumns(names, manifest.features, '', () => '', { ignores: () => true });
    } catch (error) {
      throw new JobError(
        'InvalidInput',
        problemsOf(error)
          .map(({ detail }) => detail)
          .join('; '),
      );
    }
    const cutter = createLineCutter(header.length, sliceBytes);
    for await (const block of input.store.read(input.source, header.length, input.source.size)) cutter.take(block);
    const lacking = keep === 'all' ? [] : keep.filter((name) => !names.includes(name));
    if (lacking.length > 0) throw new JobError('InvalidJob', `The header has no ${lacking.join()} to keep`);
    return { headerBytes: header.length, slices: cutter.end(), kept: keep === 'all' ? names : keep };
  },
  async *read(input, { start, end }, _, reading) {
    const { manifest, keep } = reading;
    const names = headers.get(input.source) ?? (await readHeader(input)).trim().split(',');
    headers.set(input.source, names);
    const at = manifest.features.map(({ name }) => names.indexOf(name));
    for await (const batch of toBatches(input.store.read(input.source, start, end), 256 * 1024)) {
      const records = batch
        .toString()
        .split('\n')
        .filter(Boolean)
        .map((line) => line.split(','));
      const rows = records.map((fields): ReadRow => {
        if (fields.length !== names.length) {
          const detail = `expected ${names.length} values, as there are columns, got ${fields.length}`;
          return { problems: [{ pointer: '', detail }] };
        }
        const values = manifest.features.map((feature, index) => [
          feature.name,
          toValue(fields[at[index] ?? 0] ?? '', feature),
        ]);
        return { value: Object.fromEntries(values) };
      });
      const kept = keep.map((name) => {
        const column = names.indexOf(name);
        return { name, text: (row: number) => records[row]?.[column], value: (row: number) => records[row]?.[column] };
      });
      yield { rows: records.length, ...checkRows(rows, reading), kept };
    }
  },
  createPart({ job: { probabilities } }) {
    return {
      write(run) {
        const { predictions } = run;
        const width = 'values' in predictions ? 1 : 1 + (probabilities ? predictions.classes.length : 0);
        // biome-ignore lint/complexity/noExcessiveCognitiveComplexity: this file goes.
        const lines = Array.from(run.answers, (answer, row) => {
          const kept = run.kept.map((column) => `${column.text(row) ?? ''},`).join('');
          if (answer < 0)
            return `${kept}${','.repeat(width)}"${toReasons(run.problems.get(row) ?? []).replaceAll('"', '""')}"\n`;
          if ('values' in predictions) return `${kept}${predictions.values[answer]},\n`;
          const n = predictions.classes.length;
          const label = toClassCell(predictions.classes[predictions.labels[answer] ?? 0] ?? '');
          if (!('probabilities' in predictions)) return `${kept}${label},\n`;
          return `${kept}${label},${predictions.probabilities.subarray(answer * n, (answer + 1) * n).join()},\n`;
        });
        return Buffer.from(lines.join(''));
      },
      end: () => new Uint8Array(),
    };
  },
  async assemble(parts, { manifest, job, kept }) {
    const classes = manifest.task === 'regression' || !job.probabilities ? [] : manifest.classes.map(toClassCell);
    const answered = manifest.task === 'regression' ? ['value'] : ['label', ...classes];
    return [Buffer.from(`${[...kept, ...answered, 'error'].join()}\n`), ...wholeParts(parts)];
  },
};
