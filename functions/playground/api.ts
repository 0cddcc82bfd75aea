import type { Prediction, Row } from './model.ts';

/** One problem with the data, by JSON pointer into the body. */
export interface DataError {
  readonly pointer: string;
  readonly detail: string;
}

/** Milliseconds of each stage as the server measured it, and of the whole way as it was seen from here. */
export interface Timing {
  readonly stages: ReadonlyMap<string, number>;
  readonly roundTripMs: number;
}

export interface Answer {
  readonly predictions: readonly Prediction[];
  readonly timing: Timing;
}

/** The API answered, and not with predictions. */
export class Refusal extends Error {
  readonly status: number;
  readonly errors: readonly DataError[];

  constructor(status: number, detail: string, errors: readonly DataError[]) {
    super(detail);
    this.status = status;
    this.errors = errors;
  }
}

/** Nobody answered. */
export class Unreachable extends Error {}

export interface Api {
  /** Where the API lies, with a slash at its end. */
  readonly base: string;
  predict(rows: readonly Row[]): Promise<Answer>;
  /** Rows that nobody has: the server leaves them out of what it monitors. */
  probe(rows: readonly Row[]): Promise<Answer>;
  predictCsv(file: Blob): Promise<Answer>;
}

/** The page lies at the root of its API, which behind a stage may have no slash at its end. */
export function createApi(page: Location): Api {
  const base = `${page.origin}${page.pathname.replace(/\/?$/, '/')}`;
  return {
    base,
    predict: (rows) => post(`${base}predict`, JSON.stringify(rows), json),
    probe: (rows) => post(`${base}predict`, JSON.stringify(rows), { ...json, 'sepal-probe': '1' }),
    predictCsv: (file) => post(`${base}predict`, file, { 'content-type': 'text/csv' }),
  };
}

const json = { 'content-type': 'application/json' };

/** Longer than API Gateway waits. */
const timeoutMs = 35_000;

async function post(url: string, body: BodyInit, type: Readonly<Record<string, string>>): Promise<Answer> {
  const headers = { ...type, accept: 'application/json' };
  const start = performance.now();
  const request = { method: 'POST', headers, body, signal: AbortSignal.timeout(timeoutMs) };
  const { response, text } = await fetch(url, request)
    .then(async (response) => ({ response, text: await response.text() }))
    .catch((cause: unknown) => {
      throw new Unreachable('The server does not answer', { cause });
    });
  const roundTripMs = performance.now() - start;
  if (!response.ok) throw toRefusal(response.status, text);
  const stages = parseServerTiming(response.headers.get('server-timing') ?? '');
  return { predictions: JSON.parse(text).predictions, timing: { stages, roundTripMs } };
}

function toRefusal(status: number, text: string): Refusal {
  const { detail, message, errors = [] } = parseProblem(text);
  return new Refusal(status, detail ?? message ?? `The server answered ${status}`, errors);
}

/** A problem document of the API, or what the gateway before it says. */
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
