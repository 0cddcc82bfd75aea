/** A value or null for each period, or one number for all periods. */
export type Term = readonly (number | null)[] | number;

interface Scope {
  /** Returns the metric with an id. Throws if there is none. */
  readonly termOf: (id: string) => Term;
  readonly periodSeconds: number;
}

/**
 * Evaluates the part of CloudWatch's metric math that the dashboard and the alarms use: numbers, ids, + - * /,
 * comparisons, FILL, IF and PERIOD. Throws for anything else.
 */
export function evaluate(expression: string, scope: Scope): Term {
  const tokens = expression.match(/[A-Za-z_]\w*|\d+(?:\.\d+)?|[<>]=|\S/g) ?? [];
  const parser = new Parser(tokens, scope);
  const result = parser.comparison();
  parser.end();
  return result;
}

type Operation = (one: number, other: number) => number;

const comparisons: Readonly<Record<string, Operation>> = {
  '>': (a, b) => Number(a > b),
  '>=': (a, b) => Number(a >= b),
  '<': (a, b) => Number(a < b),
  '<=': (a, b) => Number(a <= b),
};
const sums: Readonly<Record<string, Operation>> = { '+': (a, b) => a + b, '-': (a, b) => a - b };
const products: Readonly<Record<string, Operation>> = { '*': (a, b) => a * b, '/': (a, b) => a / b };

const functions: Readonly<Record<string, (scope: Scope, ...terms: Term[]) => Term>> = {
  PERIOD: ({ periodSeconds }) => periodSeconds,
  FILL: (_, term = 0, filling = 0) => combine([term, filling], ([a, b]) => a ?? b ?? null),
  IF: (_, condition = 0, then = 0, otherwise = 0) =>
    combine([condition, then, otherwise], ([decision, a, b]) =>
      decision == null ? null : ((decision ? a : b) ?? null),
    ),
};

class Parser {
  readonly #tokens: string[];
  readonly #scope: Scope;

  constructor(tokens: readonly string[], scope: Scope) {
    this.#tokens = [...tokens];
    this.#scope = scope;
  }

  comparison(): Term {
    return this.#chain(comparisons, () => this.#chain(sums, () => this.#chain(products, () => this.#factor())));
  }

  end(): void {
    if (this.#tokens.length > 0) throw new Error(`cannot read ${this.#tokens[0]}`);
  }

  #chain(operations: Readonly<Record<string, Operation>>, operand: () => Term): Term {
    let result = operand();
    for (;;) {
      const operation = operations[this.#tokens[0] ?? ''];
      if (!operation) return result;
      this.#tokens.shift();
      result = combine([result, operand()], ([a, b]) => (a == null || b == null ? null : operation(a, b)));
    }
  }

  #factor(): Term {
    const token = this.#tokens.shift() ?? '';
    if (token === '(') {
      const inner = this.comparison();
      this.#expect(')');
      return inner;
    }
    if (/^\d/.test(token)) return Number(token);
    return this.#tokens[0] === '(' ? this.#call(token) : this.#scope.termOf(token);
  }

  #call(name: string): Term {
    const call = functions[name];
    if (!call) throw new Error(`cannot compute ${name}`);
    const terms: Term[] = [];
    do {
      this.#tokens.shift();
      terms.push(this.comparison());
    } while (this.#tokens[0] === ',');
    this.#expect(')');
    return call(this.#scope, ...terms);
  }

  #expect(token: string): void {
    if (this.#tokens.shift() !== token) throw new Error(`expected ${token}`);
  }
}

type Value = number | null | undefined;

/** Applies an operation to the values of each period. A result that is not finite becomes null. */
function combine(terms: readonly Term[], operation: (values: readonly Value[]) => number | null): Term {
  const finite = (result: number | null) => (result !== null && Number.isFinite(result) ? result : null);
  const length = terms.find((term) => typeof term !== 'number')?.length;
  if (length === undefined) return operation(terms as readonly number[]) ?? Number.NaN;
  return Array.from({ length }, (_, period) =>
    finite(operation(terms.map((term) => (typeof term === 'number' ? term : term[period])))),
  );
}
