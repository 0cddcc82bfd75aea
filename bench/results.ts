import type { Cost } from './cost.ts';
import type { System } from './images.ts';
import type { Machine } from './machine.ts';
import type { Batches } from './measure/batch.ts';
import type { ColdStarts } from './measure/cold-start.ts';
import type { Emulated } from './measure/emulator.ts';
import type { Http } from './measure/http.ts';
import type { Size } from './measure/size.ts';
import type { Warm } from './measure/warm.ts';

/** All that one run measured: dist/bench.json. */
export interface Results {
  readonly plan: string;
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
