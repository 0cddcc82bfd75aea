/** A value for each period, or none; or one number for all of them. */
export type Term = readonly (number | null)[] | number;

interface Scope {
  /** By id. */
  readonly terms: ReadonlyMap<string, Term>;
  readonly periodSeconds: number;
}

/** The part of metric math that the dashboard uses: numbers, ids, + - * /, FILL and PERIOD. Throws for anything else. */
export function evaluate(expression: string, scope: Scope): Term {
  const tokens = expression.match(/[A-Za-z_]\w*|\d+(?:\.\d+)?|\S/g) ?? [];
  const parser = new Parser(tokens, scope);
  const result = parser.sum();
  parser.end();
  return result;
}

type Operation = (one: number, other: number) => number;

const sums: Readonly<Record<string, Operation>> = { '+': (a, b) => a + b, '-': (a, b) => a - b };
const products: Readonly<Record<string, Operation>> = { '*': (a, b) => a * b, '/': (a, b) => a / b };

class Parser {
  readonly #tokens: string[];
  readonly #scope: Scope;

  constructor(tokens: readonly string[], scope: Scope) {
    this.#tokens = [...tokens];
    this.#scope = scope;
  }

  sum(): Term {
    return this.#chain(sums, () => this.#chain(products, () => this.#factor()));
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
      result = combine(result, operand(), operation);
    }
  }

  #factor(): Term {
    const token = this.#tokens.shift() ?? '';
    if (token === '(') {
      const inner = this.sum();
      this.#expect(')');
      return inner;
    }
    if (/^\d/.test(token)) return Number(token);
    return this.#tokens[0] === '(' ? this.#call(token) : this.#term(token);
  }

  #call(name: string): Term {
    this.#expect('(');
    const id = this.#tokens.shift() ?? '';
    const term = this.#term(id);
    if (name === 'PERIOD') {
      this.#expect(')');
      return this.#scope.periodSeconds;
    }
    if (name !== 'FILL') throw new Error(`cannot compute ${name}`);
    this.#expect(',');
    const filling = Number(this.#tokens.shift());
    this.#expect(')');
    return typeof term === 'number' ? term : term.map((value) => value ?? filling);
  }

  #term(id: string): Term {
    const term = this.#scope.terms.get(id);
    if (term === undefined) throw new Error(`it is computed from ${id}, which is not measured here`);
    return term;
  }

  #expect(token: string): void {
    if (this.#tokens.shift() !== token) throw new Error(`expected ${token}`);
  }
}

/** Nothing where one of them has nothing, or there is no such number. */
function combine(one: Term, other: Term, operation: Operation): Term {
  if (typeof one === 'number' && typeof other === 'number') return operation(one, other);
  const length = typeof one === 'number' ? (other as readonly unknown[]).length : one.length;
  return Array.from({ length }, (_, index) => {
    const [a, b] = [one, other].map((term) => (typeof term === 'number' ? term : term[index])) as (number | null)[];
    const result = a == null || b == null ? Number.NaN : operation(a, b);
    return Number.isFinite(result) ? result : null;
  });
}
