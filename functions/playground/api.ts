import type { Explained, Reasoned } from './insight/explanation.ts';
import type { Prediction, Row } from './model.ts';

/** One problem with the data, and its place as a JSON pointer into the body. */
export interface DataError {
  readonly pointer: string;
  readonly detail: string;
}

/** Milliseconds of each stage as the server measured it, and of the whole request as the browser measured it. */
export interface Timing {
  readonly stages: ReadonlyMap<string, number>;
  readonly roundTripMs: number;
}

export interface Answer {
  readonly predictions: readonly Prediction[];
  readonly timing: Timing;
}

/** The API answered with an error. */
export class Refusal extends Error {
  readonly status: number;
  readonly errors: readonly DataError[];

  constructor(status: number, detail: string, errors: readonly DataError[]) {
    super(detail);
    this.status = status;
    this.errors = errors;
  }
}

/** No answer came: the server or the network failed, or the answer took too long. */
export class Unreachable extends Error {}

/** Rows of a file, as text. */
export interface RowsOfFile {
  readonly text: string;
  /** The content type. It also says whether the first record is a header, if that is known. */
  readonly type: string;
  /** Names of columns that the model does not know. */
  readonly ignored: readonly string[];
  /** Whether each row's reasons are wanted. */
  readonly explains: boolean;
  readonly signal: AbortSignal;
}

export interface Api {
  /** The address of the API, with a slash at its end. */
  readonly base: string;
  predict(rows: readonly Row[]): Promise<Answer>;
  /**
   * Predicts rows that are made up. The request says so, and the server leaves such rows out of what it monitors. One
   * such request runs at a time.
   */
  probe(rows: readonly Row[]): Promise<Answer>;
  /**
   * Explains the prediction of a row. The row was sent to `predict` already, so it is marked as made up and not counted
   * again. Waits for its turn like `probe`.
   */
  explain(row: Row): Promise<Explained>;
  predictFile(rows: RowsOfFile): Promise<readonly Reasoned[]>;
}

/**
 * Creates the client of the API at whose root the page is. Behind a stage, the page's address may have no slash at its
 * end.
 */
export function createApi(page: Pick<URL, 'origin' | 'pathname'>): Api {
  const base = `${page.origin}${page.pathname.replace(/\/?$/, '/')}`;
  const inTurn = createTurns();
  const predict = async (body: string, headers: Headers): Promise<Answer> => {
    const { document, timing } = await post(`${base}predict`, body, headers);
    return { predictions: (document as Pick<Answer, 'predictions'>).predictions, timing };
  };
  return {
    base,
    predict: (rows) => predict(JSON.stringify(rows), json),
    probe: (rows) => inTurn(() => predict(JSON.stringify(rows), probing)),
    async explain(row) {
      const { document } = await inTurn(() => post(`${base}explain?explain=all`, JSON.stringify([row]), probing));
      const { explanations, method } = document as { explanations: [Explained]; method: Explained['method'] };
      return { ...explanations[0], method };
    },
    async predictFile({ text, type, ignored, explains, signal }) {
      const query = [...(explains ? ['explain=predicted'] : []), ...(ignored.length > 0 ? ['ignore=*'] : [])].join('&');
      const url = `${base}${explains ? 'explain' : 'predict'}${query && `?${query}`}`;
      const { document } = await post(url, text, { 'content-type': type }, signal);
      const { predictions, explanations = [] } = document as { predictions?: Reasoned[]; explanations?: Reasoned[] };
      return predictions ?? explanations;
    },
  };
}

type Headers = Readonly<Record<string, string>>;

const json = { 'content-type': 'application/json' };
const probing = { ...json, 'sepal-probe': '1' };

/** Runs calls one after the other. Several at once would make Lambda start as many environments. */
function createTurns(): <Output>(call: () => Promise<Output>) => Promise<Output> {
  let last: Promise<unknown> = Promise.resolve();
  return (call) => {
    const next = last.then(call, call);
    last = next;
    return next;
  };
}

/** Longer than API Gateway waits, so that its own error arrives first. */
const timeoutMs = 35_000;

async function post(url: string, body: string, type: Headers, signal?: AbortSignal) {
  const headers = { ...type, accept: 'application/json' };
  const start = performance.now();
  const timeout = AbortSignal.timeout(timeoutMs);
  const request = { method: 'POST', headers, body, signal: signal ? AbortSignal.any([signal, timeout]) : timeout };
  const { response, text } = await fetch(url, request)
    .then(async (response) => ({ response, text: await response.text() }))
    .catch((cause: unknown) => {
      throw new Unreachable('The server does not answer', { cause });
    });
  const roundTripMs = performance.now() - start;
  if (!response.ok) throw toRefusal(response.status, text);
  const stages = parseServerTiming(response.headers.get('server-timing') ?? '');
  return { document: JSON.parse(text) as unknown, timing: { stages, roundTripMs } };
}

function toRefusal(status: number, text: string): Refusal {
  const { detail, message, errors = [] } = parseProblem(text);
  return new Refusal(status, detail ?? message ?? `The server answered ${status}`, errors);
}

/** A problem document of the API, or an error of the gateway in front of it. */
interface Problem {
  readonly detail?: string;
  readonly message?: string;
  readonly errors?: readonly DataError[];
}

function parseProblem(text: string): Problem {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

function parseServerTiming(header: string): ReadonlyMap<string, number> {
  const entries = Array.from(
    header.matchAll(/([\w-]+);dur=([\d.]+)/g),
    ([, name = '', ms]) => [name, Number(ms)] as const,
  );
  return new Map(entries);
}

/** The steps of a JSON pointer (RFC 6901). */
export function toSteps(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}
