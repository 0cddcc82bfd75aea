/** How much is measured. */
export interface Plan {
  readonly name: 'full' | 'quick';
  /** Paired cold starts at each memory size, and how many of them are split into their steps. */
  readonly coldStarts: number;
  readonly splitStarts: number;
  /** Megabytes; each comes with its share of a processor, as Lambda gives it. */
  readonly memories: readonly number[];
  /** Rounds of in-process requests, and requests of each. */
  readonly warmRounds: number;
  readonly warmRequests: number;
  /** Requests through the emulator, to each system. */
  readonly emulatorRequests: number;
  readonly httpRounds: number;
  readonly httpSeconds: number;
  /** The other HTTP servers take minutes to install. */
  readonly httpPeers: boolean;
  readonly batchRounds: number;
  readonly batchRows: readonly number[];
  readonly batchModels: readonly string[];
  readonly tableModels: readonly string[];
  /** Rows of a table, and how often each side scores it. */
  readonly tableSizes: readonly { readonly rows: number; readonly rounds: number }[];
}

export const full: Plan = {
  name: 'full',
  coldStarts: 15,
  splitStarts: 5,
  memories: [1769, 512],
  warmRounds: 5,
  warmRequests: 10_000,
  emulatorRequests: 10_000,
  httpRounds: 5,
  httpSeconds: 3,
  httpPeers: true,
  batchRounds: 5,
  batchRows: [1, 10, 100, 1000, 10_000, 100_000],
  batchModels: ['logistic', 'forest', 'boosted'],
  tableModels: ['logistic', 'churn', 'forest', 'boosted'],
  tableSizes: [
    { rows: 100_000, rounds: 3 },
    { rows: 1_000_000, rounds: 3 },
    { rows: 10_000_000, rounds: 1 },
  ],
};

export const quick: Plan = {
  name: 'quick',
  coldStarts: 5,
  splitStarts: 0,
  memories: [1769],
  warmRounds: 3,
  // Fewer would measure V8's interpreter.
  warmRequests: 10_000,
  emulatorRequests: 300,
  httpRounds: 3,
  httpSeconds: 1,
  httpPeers: false,
  batchRounds: 3,
  batchRows: [100, 10_000],
  batchModels: ['logistic'],
  tableModels: ['logistic', 'churn'],
  tableSizes: [{ rows: 100_000, rounds: 3 }],
};
