/** How much is measured. The numbers of rounds are even, because their halves are compared. */
export interface Plan {
  readonly name: 'full' | 'quick';
  /** Rounds of cold starts at each memory size, and how many of them are divided into steps. */
  readonly coldStarts: number;
  readonly splitStarts: number;
  /** Memory in megabytes. Each size comes with its share of a processor, as in Lambda. */
  readonly memories: readonly number[];
  /** Rounds of in-process requests, and requests per round. */
  readonly warmRounds: number;
  readonly warmRequests: number;
  readonly emulatorRounds: number;
  readonly httpRounds: number;
  readonly httpSeconds: number;
  /** The other HTTP servers take minutes to install. */
  readonly httpPeers: boolean;
  readonly batchRounds: number;
  /** Each model gets 10,000 rows in every format. */
  readonly batchModels: readonly string[];
  /** The other numbers of rows, in JSON, that the first model gets. */
  readonly batchRows: readonly number[];
}

/** How much is measured for whole tables. */
export interface TablePlan {
  readonly tableModels: readonly string[];
  /** Rows of a table, and how many times each side scores it. */
  readonly tableSizes: readonly { readonly rows: number; readonly rounds: number }[];
}

export const full: Plan = {
  name: 'full',
  coldStarts: 8,
  splitStarts: 2,
  memories: [1769, 512],
  warmRounds: 8,
  warmRequests: 5000,
  emulatorRounds: 60,
  httpRounds: 6,
  httpSeconds: 2,
  httpPeers: true,
  batchRounds: 6,
  batchModels: ['logistic', 'forest', 'boosted'],
  batchRows: [1, 10, 100, 1000, 100_000],
};

export const quick: Plan = {
  name: 'quick',
  coldStarts: 6,
  splitStarts: 0,
  memories: [1769],
  warmRounds: 6,
  warmRequests: 5000,
  emulatorRounds: 6,
  httpRounds: 4,
  httpSeconds: 1,
  httpPeers: false,
  batchRounds: 6,
  batchModels: ['logistic'],
  batchRows: [],
};

export const fullTables: TablePlan = {
  tableModels: ['logistic', 'churn', 'forest', 'boosted'],
  tableSizes: [
    { rows: 100_000, rounds: 3 },
    { rows: 1_000_000, rounds: 3 },
    { rows: 10_000_000, rounds: 1 },
  ],
};

/** Enough to check that both sides still write the same. */
export const quickTables: TablePlan = {
  tableModels: ['logistic', 'churn'],
  tableSizes: [{ rows: 100_000, rounds: 1 }],
};
