import type { DrawRow, Random } from './rows.ts';

export interface DemoRequest {
  readonly path: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** A request as callers send them: mostly of one row, some of several, and now and then a wrong one. */
export function drawRequest(draw: DrawRow, drifted: number, random: Random): DemoRequest {
  const chance = random();
  if (chance < 0.04) return { path: '/health', method: 'GET' };
  if (chance < 0.08) return drawMistake(draw, random);
  const count = chance < 0.75 ? 1 : 5 + Math.floor(35 * random());
  return predict(Array.from({ length: count }, () => draw(drifted)));
}

/** Whatever is wrong in it, it is the caller's. */
function drawMistake(draw: DrawRow, random: Random): DemoRequest {
  const mistakes: readonly DemoRequest[] = [
    predict([draw(0).slice(1)]),
    predict([]),
    { path: '/predict', method: 'POST', body: '{"instances": [' },
    { path: '/prediction', method: 'POST', body: '{}' },
  ];
  return mistakes[Math.floor(random() * mistakes.length)] ?? predict([]);
}

/** Bytes of a body of many rows: what Lambda takes, and time to spare. */
const largeBody = 3_000_000;
const mostRows = 50_000;

/** As many rows as take long. They are marked as a probe: they would be more than all other rows together. */
export function toLargeRequest(draw: DrawRow): DemoRequest {
  const row = draw(0);
  const count = Math.min(mostRows, Math.floor(largeBody / JSON.stringify(row).length));
  return { ...predict(new Array(count).fill(row)), headers: { 'sepal-probe': '1' } };
}

function predict(instances: readonly unknown[]): DemoRequest {
  return { path: '/predict', method: 'POST', body: JSON.stringify({ instances }) };
}
