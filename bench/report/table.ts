import { type Figure, isMet } from '../figures/figure.ts';
import type { Spread } from '../statistics.ts';

/** Formats the figures as a Markdown table. It has no column of halves if no figure has rounds enough for two halves. */
export function toTable(figures: readonly Figure[]): string {
  const hasHalves = figures.some(({ ratio }) => ratio.halves !== undefined);
  const header = hasHalves
    ? `| | Sepal | compared with | | ${toRatioHead(figures)} | halves | target |\n|---|--:|---|--:|--:|--:|---|`
    : `| | Sepal | compared with | | ${toRatioHead(figures)} | target |\n|---|--:|---|--:|--:|---|`;
  return [header, ...figures.map((figure) => toRow(figure, hasHalves))].join('\n');
}

/** Formats the figures for the README: like toTable, but without the columns of halves and targets. */
export function toShortTable(figures: readonly Figure[]): string {
  const rows = figures.map(({ what, against, ours, theirs, ratio }) => {
    return `| ${[what, ours, against, theirs, `**${show(ratio.median)}**${toQuartiles(ratio)}`].join(' | ')} |`;
  });
  return [`| | Sepal | compared with | | ${toRatioHead(figures)} |\n|---|--:|---|--:|--:|`, ...rows].join('\n');
}

function toRow(figure: Figure, hasHalves: boolean): string {
  const { what, against, ours, theirs, ratio } = figure;
  const shown = `**${show(ratio.median)}**${toQuartiles(ratio)}`;
  const halves = hasHalves ? [toHalves(ratio)] : [];
  return `| ${[what, ours, against, theirs, shown, ...halves, toVerdict(figure)].join(' | ')} |`;
}

/** The head of the column of ratios. It names the quartiles only if a ratio shows them. */
function toRatioHead(figures: readonly Figure[]): string {
  return figures.some(({ ratio }) => toQuartiles(ratio)) ? 'ratio (quartiles)' : 'ratio';
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
