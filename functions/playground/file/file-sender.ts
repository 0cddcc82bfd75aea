import { type Api, Refusal } from '../api.ts';
import type { Reasoned } from '../insight/explanation.ts';
import type { FileFormat } from './file-format.ts';
import { type RowProblem, toRowProblems } from './file-problems.ts';
import type { FileRecord } from './file-records.ts';

/** More problems would be no use to read, and finding each hundred of them takes a request. */
export const mostProblems = 1000;

export interface PredictedRow {
  readonly record: FileRecord;
  readonly prediction: Reasoned;
}

/** The result of some rows. */
export interface Sent {
  readonly predicted: readonly PredictedRow[];
  readonly problems: readonly RowProblem[];
  /** Columns that the model does not know. */
  readonly ignored: readonly string[];
}

type Send = (header: FileRecord | undefined, rows: readonly FileRecord[]) => AsyncGenerator<Sent>;

export interface SendOptions {
  /** Whether the reasons of each row are wanted. */
  readonly explains: boolean;
  readonly signal: AbortSignal;
}

/** The most rows in a request for explanations, because explaining can take hundreds of times as long. */
const mostExplained = 100;

/** Returns a function that sends rows in as many requests as the API needs. */
export function createSender(api: Api, format: FileFormat, options: SendOptions): Send {
  const inParts = createParts(options.explains ? mostExplained : Number.POSITIVE_INFINITY);
  let isFirst = true;

  /** Predicts rows. Leaves out the rows that the API refuses, and sends the others again. */
  const predict = async (header: FileRecord | undefined, rows: readonly FileRecord[]): Promise<Sent> => {
    const problems: RowProblem[] = [];
    let left = rows;
    while (left.length > 0 && problems.length <= mostProblems) {
      const request = format.toRequest(header, left, isFirst);
      try {
        const predictions = await api.predictFile({ ...request, ...options });
        isFirst = false;
        return { predicted: join(left, predictions), problems, ignored: request.ignored };
      } catch (error) {
        const found = toRowProblems(error, left, request);
        if (!found) throw error;
        problems.push(...found);
        const wrong = new Set(found.map(({ record }) => record));
        left = left.filter((record) => !wrong.has(record));
      }
    }
    return { predicted: [], problems, ignored: [] };
  };

  return async function* (header, rows) {
    const { problems, good } = check(rows, format);
    if (problems.length > 0) yield { predicted: [], problems, ignored: [] };
    yield* inParts(good, (part) => predict(header, part));
  };
}

/** Sends `mostAtFirst` rows at once. If the API says that these are too many, it sends half as many from then on. */
function createParts(mostAtFirst: number) {
  let most = mostAtFirst;
  return async function* (rows: readonly FileRecord[], send: (part: readonly FileRecord[]) => Promise<Sent>) {
    for (let at = 0; at < rows.length; ) {
      const part = rows.slice(at, at + most);
      const sent = await send(part).catch((error: unknown) => {
        const isTooLarge = error instanceof Refusal && error.status === 413;
        if (!isTooLarge || part.length === 1) throw error;
        most = Math.ceil(part.length / 2);
      });
      if (!sent) continue;
      at += part.length;
      yield sent;
    }
  };
}

function join(rows: readonly FileRecord[], predictions: readonly Reasoned[]): readonly PredictedRow[] {
  return rows.map((record, index) => {
    const prediction = predictions[index];
    if (!prediction) throw new Error('The API answered fewer rows than it was sent');
    return { record, prediction };
  });
}

/** Finds the problems that can be seen without the API. */
function check(rows: readonly FileRecord[], format: FileFormat) {
  const problems: RowProblem[] = [];
  const good = rows.filter((record) => {
    const detail = format.findProblem(record);
    if (detail) problems.push({ record, column: '', detail });
    return !detail;
  });
  return { problems, good };
}
