/** A line through points, each with its x and y. All values are above zero, because the axes are logarithmic. */
export interface Line {
  readonly name: string;
  readonly points: readonly (readonly [number, number])[];
}

export interface Axis {
  readonly title: string;
  readonly ticks: readonly number[];
  readonly format: (value: number) => string;
}

const width = 720;
const height = 380;
const frame = { left: 70, right: 170, top: 40, bottom: 50 };
const inner = { width: width - frame.left - frame.right, height: height - frame.top - frame.bottom };
const colours = ['#0969da', '#8250df', '#cf222e', '#bf8700', '#1a7f37', '#57606a'];

/** Draws lines over two logarithmic axes, from the first tick of each axis to its last. */
export function lineChart(title: string, x: Axis, y: Axis, lines: readonly Line[]): string {
  const atX = (value: number) => frame.left + inner.width * share(value, x.ticks);
  const atY = (value: number) => frame.top + inner.height * (1 - share(value, y.ticks));
  const drawn = lines.map(({ points }, index) => {
    const path = points.map(([px, py]) => `${atX(px).toFixed(1)},${atY(py).toFixed(1)}`).join(' ');
    return `<polyline points="${path}" fill="none" stroke="${colours[index % colours.length]}" stroke-width="2"/>`;
  });
  const grid = [
    ...x.ticks.map((tick) => text(atX(tick), height - frame.bottom + 18, x.format(tick), 'middle')),
    ...y.ticks.flatMap((tick) => [
      text(frame.left - 8, atY(tick) + 4, y.format(tick), 'end'),
      `<path d="M${frame.left} ${atY(tick).toFixed(1)}h${inner.width}" stroke="#8886" fill="none"/>`,
    ]),
    text(frame.left + inner.width / 2, height - 10, x.title, 'middle'),
    text(8, frame.top - 12, y.title, 'start'),
  ];
  return svg(title, [...grid, ...drawn, ...legend(lines.map(({ name }) => name))]);
}

function share(value: number, ticks: readonly number[]): number {
  const [first = 1, last = 1] = [ticks[0], ticks.at(-1)];
  return Math.log(value / first) / Math.log(last / first);
}

export interface Bar {
  readonly name: string;
  readonly parts: readonly number[];
}

/** Draws a bar for each series, made of parts side by side. */
export function barChart(title: string, parts: readonly string[], bars: readonly Bar[], unit: string): string {
  const totals = bars.map((bar) => bar.parts.reduce((sum, part) => sum + part, 0));
  const scale = inner.width / Math.max(...totals);
  const step = inner.height / bars.length;
  const left = frame.left + 50;
  const drawn = bars.flatMap((bar, row) => {
    const y = frame.top + row * step;
    let x = left;
    const rects = bar.parts.map((part, index) => {
      const rect = `<rect x="${x.toFixed(1)}" y="${y}" width="${(part * scale).toFixed(1)}" height="${(step * 0.7).toFixed(1)}" fill="${colours[index]}"/>`;
      x += part * scale;
      return rect;
    });
    const total = text(x + 6, y + step * 0.4, `${Math.round(totals[row] ?? 0)} ${unit}`, 'start');
    return [...rects, text(left - 8, y + step * 0.4, bar.name, 'end'), total];
  });
  return svg(title, [...drawn, ...legend(parts)]);
}

function legend(names: readonly string[]): string[] {
  const x = width - frame.right + 60;
  return names.flatMap((name, index) => [
    `<rect x="${x}" y="${height - 40 - 18 * (names.length - index)}" width="10" height="10" fill="${colours[index % colours.length]}"/>`,
    text(x + 16, height - 31 - 18 * (names.length - index), name, 'start'),
  ]);
}

function text(x: number, y: number, content: string, anchor: 'start' | 'middle' | 'end'): string {
  return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" text-anchor="${anchor}">${content}</text>`;
}

function svg(title: string, content: readonly string[]): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12">`,
    `<title>${title}</title>`,
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    ...content,
    '</svg>\n',
  ].join('\n');
}
