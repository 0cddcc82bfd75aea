import type uPlot from 'uplot';
import type { Board, Chart } from '../board.ts';
import { numberOf } from './head.ts';

/** Draws the thresholds of a chart, and the numbers of a demo's acts where they began. */
export function drawMarks(plot: uPlot, { thresholds }: Chart, board: Board, colour: (name: string) => string): void {
  const { ctx: context, bbox: box } = plot;
  const ratio = devicePixelRatio;
  context.save();
  context.font = `${11 * ratio}px system-ui`;
  context.setLineDash([4 * ratio, 4 * ratio]);
  context.lineWidth = ratio;
  const line = (stroke: string, [fromX, fromY]: Point, [toX, toY]: Point) => {
    context.strokeStyle = context.fillStyle = stroke;
    context.beginPath();
    context.moveTo(fromX, fromY);
    context.lineTo(toX, toY);
    context.stroke();
  };
  for (const { value, color } of thresholds) {
    if (value > (plot.scales.y?.max ?? 0)) continue;
    const y = plot.valToPos(value, 'y', true);
    line(colour(color ? '--wrong' : '--strong-line'), [box.left, y], [box.left + box.width, y]);
  }
  for (const act of board.acts) {
    const x = plot.valToPos(act.start, 'x', true);
    if (x < box.left || x > box.left + box.width) continue;
    line(colour('--strong-line'), [x, box.top], [x, box.top + box.height]);
    context.fillText(String(numberOf(board, act)), x + 3 * ratio, box.top + 10 * ratio);
  }
  context.restore();
}

type Point = readonly [x: number, y: number];
