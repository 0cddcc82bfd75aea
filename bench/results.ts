import type { Host, Machine } from './machine.ts';
import type { Batches } from './measure/batch.ts';
import type { ColdStarts } from './measure/cold-start.ts';
import type { Emulated } from './measure/emulator.ts';
import type { Http } from './measure/http.ts';
import type { Size } from './measure/size.ts';
import type { ScoredTable } from './measure/tables.ts';
import type { Warm } from './measure/warm.ts';
import type { Cost } from './prices/cost.ts';
import type { JobCost } from './prices/job-cost.ts';
import type { System } from './systems/images.ts';

/** The results of one run with whole tables: dist/bench-tables.json. */
export interface TableResults {
  readonly date: string;
  readonly commit: string;
  readonly host: Host;
  /** The versions of pandas and scikit-learn. */
  readonly python: string;
  readonly tables: readonly ScoredTable[];
  readonly jobCosts: readonly JobCost[];
}

/** The results of one run: dist/bench.json. */
export interface Results {
  readonly plan: string;
  /** The seed of the order of the contenders in each round. */
  readonly seed: number;
  readonly date: string;
  readonly commit: string;
  readonly machine: Machine;
  readonly coldStarts: readonly ColdStarts[];
  readonly warm: Warm;
  readonly emulated: Emulated;
  readonly http: Http;
  readonly batches: Batches;
  readonly sizes: Readonly<Record<System, Size>>;
  readonly costs: readonly Cost[];
}
