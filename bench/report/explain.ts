import { titleOf } from '../figures/explain.ts';
import type { Figure } from '../figures/figure.ts';
import type { Host } from '../machine.ts';
import type { ExplainedRow } from '../measure/explain.ts';
import { writeMarked } from './marks.ts';
import { toTable } from './table.ts';

export const explainMark = 'bench: explain';

/** The results of one run with explanations. dist/bench-explain.json has them, with the figures. */
export interface ExplainResults {
  readonly date: string;
  readonly commit: string;
  readonly host: Host;
  /** The version of shap. */
  readonly shap: string;
  readonly explained: readonly ExplainedRow[];
}

/** Writes the results into docs/benchmarks.md. */
export async function writeExplainDocument(results: ExplainResults, figures: readonly Figure[]): Promise<void> {
  await writeMarked('docs/benchmarks.md', explainMark, toSection(results, figures));
}

export function toSection({ date, commit, host, shap, explained }: ExplainResults, figures: readonly Figure[]): string {
  const text = `The time to explain one row by \`POST /explain\`, from the event to the result, in the function's process and without HTTP. It is compared with
the time that the explainer of [shap](https://shap.readthedocs.io) takes to explain the original estimator. Both use the same background and the
same method, and let the model answer about the same number of rows. Sepal and shap run alternately, each in a process of its own. Before the measurement, each
makes as many explanations as it then measures.`;
  const provenance = `Measured on ${date} at ${commit}: ${host.processors} × ${host.processor}, Linux ${host.kernel}, Node.js ${host.node}, shap ${shap}.`;
  return ['## Explanations', text, provenance, toTable(figures), toMethods(explained)].join('\n\n');
}

function toMethods(explained: readonly ExplainedRow[]): string {
  const header = '| model | method | rows of the background | rows that the model answers at most |\n|---|---|--:|--:|';
  const rows = explained.map(
    ({ model, method, background, rows }) =>
      `| ${[titleOf(model), method, background, rows.toLocaleString('en')].join(' | ')} |`,
  );
  return [header, ...rows].join('\n');
}
