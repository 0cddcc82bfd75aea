import { type Figure, isMet } from '../figures/figure.ts';
import type { Spread } from '../statistics.ts';

/** The figures as a table of Markdown. */
export function toTable(figures: readonly Figure[]): string {
  const header = '| | Sepal | against | | ratio (quartiles) | target |\n|---|--:|---|--:|--:|---|';
  return [header, ...figures.map(toRow)].join('\n');
}

function toRow(figure: Figure): string {
  const { what, against, ours, theirs, ratio } = figure;
  return `| ${[what, ours, against, theirs, `**${show(ratio)}**${toQuartiles(ratio)}`, toVerdict(figure)].join(' | ')} |`;
}

function toQuartiles({ low, high }: Spread): string {
  return low === high ? '' : ` (${show({ median: low })}–${show({ median: high })})`;
}

function show({ median }: Pick<Spread, 'median'>): string {
  return median.toFixed(median < 10 ? 2 : 1);
}

function toVerdict(figure: Figure): string {
  const met = isMet(figure);
  if (met === undefined) return '';
  return `${figure.higherIsBetter ? '≥' : '≤'} ${figure.target}: ${met ? 'met' : '**missed**'}`;
}
