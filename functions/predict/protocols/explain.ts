import { RequestError } from '../../core/errors.ts';
import type { ExplainOptions } from '../../core/explain/explanations.ts';
import { largestBudget } from '../../core/explain/method.ts';
import { csv } from './csv.ts';
import { checkParameters } from './ignore.ts';
import { native } from './native.ts';
import type { Protocol } from './protocol.ts';

/** Reads the JSON that /predict reads, and answers with explanations. */
export const explainNative = explaining(native);

/** Reads the CSV that /predict reads, and answers with explanations. */
export const explainCsv = explaining(csv);

/** Wraps a protocol so that it also reads from the query what to explain. */
function explaining(protocol: Protocol): Protocol {
  return {
    ...protocol,
    decode(request, manifest, limits) {
      const { explain, query } = parseQuery(request.query);
      return { ...protocol.decode({ ...request, query }, manifest, limits), explain };
    },
  };
}

/**
 * Reads `?explain=predicted` and `?budget=5000`. The query that it returns lacks both, and is read as at /predict.
 * Throws InvalidInput.
 */
export function parseQuery(query = ''): { readonly explain: ExplainOptions; readonly query: string } {
  const parameters = new URLSearchParams(query);
  checkParameters(parameters, ['explain', 'budget', 'ignore']);
  const explain = {
    numbers: parseNumbers(takeOne(parameters, 'explain')),
    budget: parseBudget(takeOne(parameters, 'budget')),
  };
  return { explain, query: parameters.toString() };
}

function takeOne(parameters: URLSearchParams, name: string): string | undefined {
  const [value, ...others] = parameters.getAll(name);
  if (others.length > 0) throw new RequestError('InvalidInput', `Expected ${name} once in the address`);
  parameters.delete(name);
  return value;
}

function parseNumbers(value = 'all'): ExplainOptions['numbers'] {
  if (value === 'all' || value === 'predicted') return value;
  throw new RequestError('InvalidInput', 'Expected explain in the address to be all or predicted');
}

function parseBudget(value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  const budget = Number(value);
  if (/^\d{1,9}$/.test(value) && budget >= 1 && budget <= largestBudget) return budget;
  throw new RequestError(
    'InvalidInput',
    `Expected budget in the address to be a whole number from 1 to ${largestBudget}`,
  );
}
