import type { Manifest } from '../../functions/core/model/manifest.ts';
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

/** A request with a mistake of the caller, which the service answers with a 4xx status. */
function drawMistake(draw: DrawRow, random: Random): DemoRequest {
  const mistakes: readonly DemoRequest[] = [
    predict([draw(0).slice(1)]),
    predict([]),
    { path: '/predict', method: 'POST', body: '{"instances": [' },
    { path: '/prediction', method: 'POST', body: '{}' },
  ];
  return mistakes[Math.floor(random() * mistakes.length)] ?? predict([]);
}

/** The most bytes of a large request, and of its answer: well below the 6 MiB that Lambda passes on. */
const largest = 4_500_000;

/**
 * A request of `count` rows, or of fewer if these would be too large. It is marked as a probe, because its rows would
 * outnumber those of all other requests in the metrics.
 */
export function toLargeRequest(draw: DrawRow, { examples }: Manifest, count: number): DemoRequest {
  const row = draw(0);
  const [prediction] = examples.flatMap(({ predictions }) => [...predictions]);
  // The prediction of this row may be longer than that of the example.
  const bytes = Math.max(JSON.stringify(row).length, 1.3 * JSON.stringify(prediction).length);
  const rows = new Array(Math.min(count, Math.floor(largest / bytes))).fill(row);
  return { ...predict(rows), headers: { 'sepal-probe': '1' } };
}

function predict(instances: readonly unknown[]): DemoRequest {
  return { path: '/predict', method: 'POST', body: JSON.stringify({ instances }) };
}
