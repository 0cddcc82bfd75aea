import type { ScoredTable, Scorer } from '../measure/tables.ts';
import { median } from '../statistics.ts';
import prices from './prices.json' with { type: 'json' };

const rowCounts = [1e6, 1e7, 1e8] as const;
const models = ['logistic', 'churn'];

/** The estimated time and cost of a batch job over a CSV table on AWS, and those of a SageMaker batch transform. */
export interface JobCost {
  readonly model: string;
  readonly rows: number;
  readonly slices: number;
  readonly minutes: number;
  /** Dollars. */
  readonly lambda: number;
  readonly stepFunctions: number;
  readonly s3: number;
  readonly total: number;
  readonly transform: { readonly minutes: number; readonly dollars: number };
}

/** Estimates the time and cost of jobs from the speed that was measured on the largest tables. */
export function toJobCosts(tables: readonly ScoredTable[]): JobCost[] {
  const most = Math.max(...tables.map(({ rows }) => rows));
  return tables
    .filter(({ model, format, rows }) => models.includes(model) && format === 'csv' && rows === most)
    .flatMap((table) => rowCounts.map((rows) => toJobCost(table, rows)));
}

function toJobCost(table: ScoredTable, rows: number): JobCost {
  const { concurrency, s3MegabytesPerSecond } = prices.job;
  const scale = rows / table.rows;
  const [input, output] = [table.input * scale, table.output * scale];
  const slices = Math.max(1, Math.ceil(input / Math.max(prices.job.sliceMegabytes, input / prices.job.mostSlices)));
  // The plan reads the table, each slice reads and writes its own part, and S3 joins the parts itself.
  const plan = input / s3MegabytesPerSecond;
  const score = rows / speedOf(table, 'sepal') + (input + output) / s3MegabytesPerSecond;
  const atOnce = Math.min(concurrency, slices);
  const starts = 2 + atOnce;
  const seconds = plan + score / atOnce + 3 * prices.job.startSeconds;
  const parts = {
    lambda: toLambda(plan + score + starts * prices.job.startSeconds, slices + 2),
    stepFunctions: ((3 + prices.job.transitionsPerSlice * slices) / 1000) * prices.stepFunctionsPerThousandTransitions,
    s3: toS3(slices),
  };
  const total = parts.lambda + parts.stepFunctions + parts.s3;
  return {
    model: table.model,
    rows,
    slices,
    minutes: seconds / 60,
    ...parts,
    total,
    transform: toTransform(table, rows),
  };
}

function speedOf(table: ScoredTable, scorer: Scorer): number {
  return table.rows / median(table.runs[scorer].map(({ seconds }) => seconds));
}

function toLambda(seconds: number, invocations: number): number {
  const gigabytes = prices.job.megabytes / 1024;
  return seconds * gigabytes * prices.lambdaPerGigabyteSecond + (invocations / 1e6) * prices.lambdaPerMillionRequests;
}

/**
 * Returns the dollars for requests to S3. Each slice has three writes: its part, its report, and the copy of the part
 * into the output. It has three reads: its input, its part and its report. The job itself has six of each.
 */
function toS3(slices: number): number {
  const [writes, reads] = [3 * slices + 6, 3 * slices + 6];
  return (writes / 1000) * prices.s3PerThousandWrites + (reads / 1000) * prices.s3PerThousandReads;
}

/**
 * Estimates a SageMaker batch transform. Assumes that each processor of the instance is as fast as pandas was, and that
 * the minutes until the instance has started are not billed.
 */
function toTransform(table: ScoredTable, rows: number): JobCost['transform'] {
  const { dollarsPerHour, processors, startMinutes } = prices.transform;
  const hours = rows / speedOf(table, 'pandas') / processors / 3600;
  return { minutes: startMinutes + hours * 60, dollars: hours * dollarsPerHour };
}
