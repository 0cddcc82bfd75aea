import { type Figure, isMet } from '../figures/figure.ts';
import type { Spread } from '../statistics.ts';

/** Formats the figures as a Markdown table. */
export function toTable(figures: readonly Figure[]): string {
  const header = '| | Sepal | compared with | | ratio (quartiles) | halves | target |\n|---|--:|---|--:|--:|--:|---|';
  return [header, ...figures.map(toRow)].join('\n');
}

/** Formats the figures for the README: like toTable, but without the columns of halves and targets. */
export function toShortTable(figures: readonly Figure[]): string {
  const rows = figures.map(({ what, against, ours, theirs, ratio }) => {
    return `| ${[what, ours, against, theirs, `**${show(ratio.median)}**${toQuartiles(ratio)}`].join(' | ')} |`;
  });
  return ['| | Sepal | compared with | | ratio (quartiles) |\n|---|--:|---|--:|--:|', ...rows].join('\n');
}

function toRow(figure: Figure): string {
  const { what, against, ours, theirs, ratio } = figure;
  const shown = `**${show(ratio.median)}**${toQuartiles(ratio)}`;
  return `| ${[what, ours, against, theirs, shown, toHalves(ratio), toVerdict(figure)].join(' | ')} |`;
}

function toQuartiles({ low, high }: Spread): string {
  return low === high ? '' : ` (${show(low)}–${show(high)})`;
}

/** The difference between the two halves of the rounds. */
function toHalves({ halves }: Spread): string {
  return halves === undefined ? '' : `${Math.round(100 * halves)} %`;
}

function show(ratio: number): string {
  return ratio.toFixed(ratio < 10 ? 2 : 1);
}

function toVerdict(figure: Figure): string {
  const met = isMet(figure);
  if (met === undefined) return '';
  return `${figure.higherIsBetter ? '≥' : '≤'} ${figure.target}: ${met ? 'met' : '**missed**'}`;
}
