import { type Batcher, batchers } from './measure/batch.ts';
import { type Warmed, warmed } from './measure/warm.ts';
import { type System, systems } from './systems/images.ts';
import { otherServers, ownServers, type ServerName } from './systems/servers.ts';

/**
 * Which systems a run measures, and how often. The numbers of rounds are even, because the two halves of the rounds are
 * compared.
 */
export interface Plan {
  readonly name: 'full' | 'calibrating' | 'quick';
  readonly started: readonly System[];
  /** Rounds of cold starts at each memory size. */
  readonly coldStarts: number;
  /** Further cold starts at each memory size, whose steps are timed one by one. */
  readonly splitStarts: number;
  /** Memory in megabytes. Each size comes with its share of a processor, as in Lambda. */
  readonly memories: readonly number[];
  readonly warmed: readonly Warmed[];
  /** Rounds of in-process requests. */
  readonly warmRounds: number;
  /** Requests in each of these rounds. */
  readonly warmRequests: number;
  readonly emulated: readonly System[];
  readonly emulatorRounds: number;
  readonly served: readonly ServerName[];
  readonly httpRounds: number;
  readonly httpSeconds: number;
  readonly batchRounds: number;
  /** Each model gets 10,000 rows in every format. */
  readonly batchModels: readonly string[];
  /** Other numbers of rows, in JSON. Only the first model gets them. */
  readonly batchRows: readonly number[];
  /** The systems that answer Lambda's largest request, so that their memory is measured. */
  readonly peaked: readonly Batcher[];
  readonly peakRounds: number;
  /** The systems whose images are compressed as in a registry. Not all are in every plan, because this takes long. */
  readonly compressed: readonly System[];
}

/** How much is measured for whole tables. */
export interface TablePlan {
  readonly tableModels: readonly string[];
  /** The rows of each table, and how many times each side scores it. */
  readonly tableSizes: readonly { readonly rows: number; readonly rounds: number }[];
}

export const full: Plan = {
  name: 'full',
  started: systems,
  coldStarts: 8,
  splitStarts: 2,
  memories: [1769, 512],
  warmed,
  warmRounds: 8,
  warmRequests: 5000,
  emulated: systems,
  emulatorRounds: 60,
  served: [...ownServers, ...otherServers],
  httpRounds: 6,
  httpSeconds: 2,
  batchRounds: 6,
  batchModels: ['logistic', 'forest', 'boosted'],
  batchRows: [1, 10, 100, 1000, 100_000],
  peaked: batchers,
  peakRounds: 4,
  compressed: systems,
};

/** All that can be measured in minutes. Calibration finds out which figures are repeatable. */
export const calibrating: Plan = {
  ...full,
  name: 'calibrating',
  coldStarts: 6,
  splitStarts: 0,
  memories: [1769],
  warmRounds: 6,
  emulatorRounds: 6,
  // The other servers take minutes to install.
  served: ownServers,
  httpRounds: 4,
  httpSeconds: 1,
  batchModels: ['logistic'],
  batchRows: [],
};

/** Only the figures that can fail the gate, by bench/gate/expected.json. */
export const quick: Plan = {
  ...calibrating,
  name: 'quick',
  started: ['sepal', 'python-sklearn', 'python-onnx'],
  coldStarts: 4,
  warmed: ['sepal', 'session.run'],
  warmRounds: 4,
  emulated: ['sepal', 'python-sklearn', 'nothing-handler'],
  emulatorRounds: 4,
  served: [],
  batchModels: [],
  peaked: ['sepal', 'arrays'],
  peakRounds: 2,
  compressed: ['sepal', 'python-sklearn'],
};

export const fullTables: TablePlan = {
  tableModels: ['logistic', 'churn', 'forest', 'boosted'],
  tableSizes: [
    { rows: 100_000, rounds: 3 },
    { rows: 1_000_000, rounds: 3 },
    { rows: 10_000_000, rounds: 1 },
  ],
};

/** Enough to see that both sides still write the same predictions, with columns of every type. */
export const quickTables: TablePlan = {
  tableModels: ['churn'],
  tableSizes: [{ rows: 20_000, rounds: 1 }],
};
