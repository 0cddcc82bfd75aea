import type { Batcher } from './measure/batch.ts';
import { megabytes, milliseconds, perSecond } from './report/units.ts';
import type { Results } from './results.ts';
import { otherServers, type ServerName } from './servers.ts';
import { growth, median, ratioOf, type Spread } from './statistics.ts';

/** A ratio between Sepal and something else, and what it should be. */
export interface Figure {
  readonly id: string;
  readonly group: string;
  readonly what: string;
  readonly against: string;
  readonly ours: string;
  readonly theirs: string;
  readonly ratio: Spread;
  /** Whether more is better; else less is. */
  readonly higherIsBetter: boolean;
  readonly target?: number;
}

export function isMet({ ratio, target, higherIsBetter }: Figure): boolean | undefined {
  if (target === undefined) return undefined;
  return higherIsBetter ? ratio.median >= target : ratio.median <= target;
}

export function toFigures(results: Results): Figure[] {
  return [
    ...coldStartFigures(results),
    ...warmFigures(results),
    ...httpFigures(results),
    ...batchFigures(results),
    ...sizeFigures(results),
    ...costFigures(results),
  ];
}

interface Compared {
  readonly ours: readonly number[];
  readonly theirs: readonly number[];
  readonly unit: (value: number) => string;
}

type Named = Pick<Figure, 'group' | 'what' | 'against'> & { readonly target?: number };

/** How many times ours is faster. */
function timesFaster(named: Named, { ours, theirs, unit }: Compared): Figure {
  return toFigure(named, { ours, theirs, unit }, ratioOf(theirs, ours), true);
}

/** How many times theirs ours is. */
function timesAsMuch(named: Named, { ours, theirs, unit }: Compared, higherIsBetter = false): Figure {
  return toFigure(named, { ours, theirs, unit }, ratioOf(ours, theirs), higherIsBetter);
}

function toFigure(named: Named, { ours, theirs, unit }: Compared, ratio: Spread, higherIsBetter: boolean): Figure {
  const id = `${named.what} / ${named.against}`;
  return { ...named, id, ours: unit(median(ours)), theirs: unit(median(theirs)), ratio, higherIsBetter };
}

const post = 'scikit-learn in Python';
const python = 'onnxruntime in Python';

function coldStartFigures({ coldStarts }: Results): Figure[] {
  return coldStarts.flatMap(({ megabytes: memory, starts }) => {
    const named = { group: 'Cold start', what: `cold start, ${memory.toLocaleString('en')} MB` };
    const times = (system: keyof typeof starts) => starts[system].map(({ answer }) => answer);
    const against = (system: keyof typeof starts) => ({
      ours: times('sepal'),
      theirs: times(system),
      unit: milliseconds,
    });
    return [
      timesFaster({ ...named, against: post, target: 8 }, against('python-sklearn')),
      timesFaster({ ...named, against: python, target: 1.8 }, against('python-onnx')),
      timesAsMuch(
        { ...named, against: 'a Node.js handler that does nothing', target: 1.8 },
        against('nothing-handler'),
      ),
    ];
  });
}

function warmFigures({ warm, emulated }: Results): Figure[] {
  const inProcess = (quantile: 'p50' | 'p99', name: keyof typeof warm.times) => {
    return { ours: warm.times.sepal[quantile], theirs: warm.times[name][quantile], unit: milliseconds };
  };
  const through = (name: keyof typeof emulated.times) => {
    return { ours: emulated.times.sepal, theirs: emulated.times[name], unit: milliseconds };
  };
  const named = (what: string, against: string) => ({ group: 'One row, warm', what, against });
  return [
    timesAsMuch({ ...named('in process, p50', '`session.run` alone'), target: 2 }, inProcess('p50', 'session.run')),
    timesFaster(named('in process, p50', post), inProcess('p50', 'python-sklearn')),
    timesFaster(named('in process, p99', post), inProcess('p99', 'python-sklearn')),
    timesFaster(named('in process, p50', python), inProcess('p50', 'python-onnx')),
    timesFaster(named('through the emulator', post), through('python-sklearn')),
    timesAsMuch(named('through the emulator', 'a Node.js handler that does nothing'), through('nothing-handler')),
  ];
}

const serverNames: Readonly<Record<ServerName, string>> = {
  sepal: 'Sepal',
  'nothing-http': 'a Node.js server that does nothing',
  mlserver: 'MLServer',
  bentoml: 'BentoML',
  mlflow: 'MLflow',
};

function httpFigures({ http: { rounds } }: Results): Figure[] {
  return ([8, 1] as const).flatMap((count) => {
    const named = { group: 'HTTP', what: `requests over ${count} ${count === 1 ? 'connection' : 'connections'}` };
    const against = (name: ServerName) => {
      return { ours: rounds.sepal?.[count] ?? [], theirs: rounds[name]?.[count] ?? [], unit: perSecond };
    };
    const measured = otherServers.filter((name) => rounds[name]);
    const speed = (name: ServerName) => median(rounds[name]?.[count] ?? []);
    const best = Math.max(...measured.map(speed));
    const targetOf = (name: ServerName) => (count === 8 && speed(name) === best ? { target: 12 } : {});
    const floor = { ...named, against: serverNames['nothing-http'], ...(count === 8 && { target: 0.5 }) };
    return [
      ...measured.map((name) =>
        timesAsMuch({ ...named, against: serverNames[name], ...targetOf(name) }, against(name), true),
      ),
      timesAsMuch(floor, against('nothing-http'), true),
    ];
  });
}

const batcherNames: Readonly<Record<Batcher, string>> = {
  sepal: 'Sepal',
  document: 'Python, same answer',
  arrays: 'Python, bare arrays',
};

function batchFigures({ batches: { batches, peaks } }: Results): Figure[] {
  const at = batches.filter(({ rows }) => rows === 10_000);
  const compared = at.flatMap(({ model, format, times }) =>
    (['document', 'arrays'] as const)
      .filter((batcher) => batcher === 'document' || format === 'json')
      .map((batcher) => {
        const isTarget = model === 'logistic' && format === 'json';
        const named = { group: 'Batches', what: `10,000 rows, ${format.toUpperCase()}, ${model}` };
        const target = isTarget ? { target: 3 } : {};
        const compared = { ours: times.sepal, theirs: times[batcher], unit: milliseconds };
        return timesFaster({ ...named, against: batcherNames[batcher], ...target }, compared);
      }),
  );
  const peak = { group: 'Batches', what: "peak memory at Lambda's largest request", against: post };
  const memory = timesAsMuch(peak, { ours: peaks.sepal, theirs: peaks.arrays, unit: megabytes });
  return [...compared, ...growthFigure(batches), memory];
}

/** How time grows with rows: 1 is a line. */
function growthFigure(batches: Results['batches']['batches']): Figure[] {
  const large = batches.filter(({ model, format, rows }) => model === 'logistic' && format === 'json' && rows >= 1000);
  const [first, last] = [large[0], large.at(-1)];
  if (!first || !last || last.rows < 100_000) return [];
  const slopes = first.times.sepal.map((_, round) =>
    growth(large.map(({ rows, times }) => [rows, times.sepal[round] ?? Number.NaN] as const)),
  );
  const named = {
    group: 'Batches',
    what: 'exponent of time in rows, 1,000 to 100,000, JSON',
    against: 'a line',
    target: 1.1,
  };
  return [timesAsMuch(named, { ours: slopes, theirs: slopes.map(() => 1), unit: (value) => value.toFixed(2) })];
}

function sizeFigures({ sizes, emulated: { resident } }: Results): Figure[] {
  const image = { group: 'Size', what: 'image over its base' };
  const size = (system: keyof typeof sizes) => [sizes[system].uncompressed];
  const compressed = (system: keyof typeof sizes) => [sizes[system].compressed];
  const memory = { group: 'Size', what: 'resident memory after the requests through the emulator' };
  const ours = { ours: size('sepal'), unit: megabytes };
  return [
    timesAsMuch({ ...image, against: 'the 48 MB that it may be', target: 1 }, { ...ours, theirs: [48] }),
    timesAsMuch({ ...image, against: post }, { ...ours, theirs: size('python-sklearn') }),
    timesAsMuch({ ...image, against: python }, { ...ours, theirs: size('python-onnx') }),
    timesAsMuch(
      { ...image, what: 'image over its base, compressed', against: post },
      { ours: compressed('sepal'), theirs: compressed('python-sklearn'), unit: megabytes },
    ),
    timesAsMuch(
      { ...memory, against: post, target: 0.6 },
      { ours: [resident.sepal], theirs: [resident['python-sklearn']], unit: megabytes },
    ),
  ];
}

function costFigures({ costs }: Results): Figure[] {
  return costs
    .filter(({ system }) => system === 'sepal')
    .map(({ megabytes: memory, rate, total }) => {
      const theirs = costs.find((cost) => cost.system !== 'sepal' && cost.megabytes === memory && cost.rate === rate);
      const often = rate < 0.01 ? '1 request an hour' : `${rate} requests per second`;
      const named = {
        group: 'Cost',
        what: `a million requests, ${often}, ${memory.toLocaleString('en')} MB`,
        against: post,
      };
      const unit = (dollars: number) => `$${dollars.toFixed(2)}`;
      return timesAsMuch(named, { ours: [total], theirs: [theirs?.total ?? Number.NaN], unit });
    });
}
