import type { Sample } from './samples.ts';
import { toStatistic } from './statistic.ts';

/** The name and the value of each dimension. */
export type Dimensions = readonly (readonly [string, string])[];

/** Samples by their namespace and name. */
export type SampleIndex = ReadonlyMap<string, readonly Sample[]>;

export function indexSamples(samples: readonly Sample[]): SampleIndex {
  const index = new Map<string, Sample[]>();
  for (const sample of samples) {
    const key = `${sample.namespace} ${sample.name}`;
    const list = index.get(key);
    if (list) list.push(sample);
    else index.set(key, [sample]);
  }
  return index;
}

/**
 * Periods of `seconds` seconds. Each ends `step` seconds after the one before. They overlap if they are longer than a
 * step.
 */
export interface Periods {
  /** The end of the first period, in seconds since 1970. */
  readonly firstEnd: number;
  readonly count: number;
  readonly step: number;
  readonly seconds: number;
}

/** Groups samples by periods. */
export class Window {
  readonly periods: Periods;
  readonly #samples: SampleIndex;

  constructor(samples: SampleIndex, periods: Periods) {
    this.#samples = samples;
    this.periods = periods;
  }

  /** The statistic of each period, or null for a period without samples. */
  values(namespace: string, name: string, dimensions: Dimensions, stat: string): (number | null)[] {
    const statistic = toStatistic(stat);
    if (!statistic) throw new Error(`the statistic ${stat} is not known here`);
    const { firstEnd, count, step, seconds } = this.periods;
    const groups = Array.from({ length: count }, (): number[] => []);
    for (const sample of this.#of(namespace, name)) {
      if (!hasDimensions(sample, dimensions)) continue;
      const time = sample.time / 1000;
      // From the first period that ends after the sample to the last that begins before it.
      const first = Math.max(0, Math.floor((time - firstEnd) / step) + 1);
      const last = Math.min(count - 1, Math.floor((time + seconds - firstEnd) / step));
      for (let period = first; period <= last; period++) groups[period]?.push(sample.value);
    }
    return groups.map((group) => (group.length > 0 ? statistic(group) : null));
  }

  dimensionValues(namespace: string, name: string, dimension: string): string[] {
    const values = this.#of(namespace, name).flatMap(({ dimensions }) => dimensions[dimension] ?? []);
    return [...new Set(values)].sort();
  }

  #of(namespace: string, name: string): readonly Sample[] {
    return this.#samples.get(`${namespace} ${name}`) ?? [];
  }
}

function hasDimensions(sample: Sample, dimensions: Dimensions): boolean {
  if (Object.keys(sample.dimensions).length !== dimensions.length) return false;
  return dimensions.every(([key, value]) => sample.dimensions[key] === value);
}
