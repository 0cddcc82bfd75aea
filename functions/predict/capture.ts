import { hash } from 'node:crypto';
import { ConfigError } from '../core/environment.ts';
import type { Instances } from '../core/model/columns.ts';
import type { Manifest } from '../core/model/manifest.ts';
import type { Predictions } from '../core/model/prediction.ts';
import { toRecords } from '../core/model/records.ts';
import { isRecord } from '../core/model/value.ts';
import { createPutObject } from '../core/s3.ts';
import type { Config } from './config.ts';

/** Keeps a request that was answered, or not: a share is. Rejects where it could not be kept. */
export type Capture = (exchange: CapturedExchange) => Promise<void>;

export interface CapturedExchange {
  readonly requestId: string;
  /** As the model took them. */
  readonly instances: Pick<Instances, 'count' | 'rows'>;
  readonly predictions: Predictions;
}

/** The answer waits for S3, as what Lambda has not done by then is done at the next request or never. */
const timeoutMs = 1000;

/** Rows of a request that are kept, the first. More would cost more time than the timeout bounds. */
const maxRows = 1000;

/** Undefined where nothing is to be kept. Throws ConfigError for a feature to redact that the model does not have. */
export async function createCapture(
  { capture, captureRedact }: Pick<Config, 'capture' | 'captureRedact'>,
  manifest: Manifest,
): Promise<Capture | undefined> {
  // Also where nothing is kept: a name with a mistake in it must not wait for the day on which something is.
  checkRedaction(captureRedact, manifest);
  if (!capture) return undefined;
  const { rate } = capture;
  const putObject = await createPutObject(capture.bucket, capture);
  const redacted = new Set(captureRedact);
  return async (exchange) => {
    if (toShare(exchange.requestId) >= rate) return;
    const time = new Date();
    const document = toCapturedDocument(exchange, manifest, redacted, time);
    await putObject(toKey(manifest.name, exchange.requestId, time), JSON.stringify(document), timeoutMs);
  };
}

/**
 * From 0 to below 1, evenly over ids. Not by Math.random, whose state is part of a snapshot: all environments that are restored from
 * it would draw the same numbers, and keep the first requests of each or of none.
 */
function toShare(requestId: string): number {
  return Number.parseInt(hash('sha256', requestId).slice(0, 12), 16) / 2 ** 48;
}

function checkRedaction(names: readonly string[], { features }: Manifest): void {
  const unknown = names.filter((name) => !features.some((feature) => feature.name === name));
  if (unknown.length === 0) return;
  const known = features.map((feature) => feature.name).join(', ');
  throw new ConfigError(`CAPTURE_REDACT must name features of the model (${known}), and names ${unknown.join(', ')}`);
}

/** By day (UTC). An id can be whatever the caller of a direct invocation says. */
function toKey(model: string, requestId: string, time: Date): string {
  const day = time.toISOString().slice(0, 10).replaceAll('-', '/');
  return `${model}/${day}/${requestId.replace(/[^\w=-]/g, '_').slice(0, 200)}.json`;
}

/** Rows by the names of features, however they came. What is redacted is null, and its features are listed. */
function toCapturedDocument(
  { requestId, instances, predictions }: CapturedExchange,
  manifest: Manifest,
  redacted: ReadonlySet<string>,
  time: Date,
) {
  const { name, version, features } = manifest;
  const toRecord = (row: unknown) => {
    const read = (feature: string, index: number) => (isRecord(row) ? row[feature] : (row as unknown[])[index]);
    return Object.fromEntries(
      features.map((feature, index) => [feature.name, redacted.has(feature.name) ? null : read(feature.name, index)]),
    );
  };
  return {
    request_id: requestId,
    timestamp: time.toISOString(),
    model: name,
    model_version: version,
    rows: instances.count,
    redacted: [...redacted],
    instances: instances.rows.slice(0, maxRows).map(toRecord),
    predictions: toCapturedPredictions(predictions, manifest),
  };
}

/** Where probabilities were not kept, the largest of each target is. */
function toCapturedPredictions(predictions: Predictions, manifest: Manifest): readonly object[] {
  const records = toRecords(predictions, maxRows);
  const { confidences } = predictions;
  if (!confidences) return records;
  const names = 'targets' in manifest ? manifest.targets.map(({ name }) => name) : undefined;
  const toConfidence = (row: number) =>
    names
      ? Object.fromEntries(names.map((name, at) => [name, confidences[row * names.length + at]]))
      : confidences[row];
  return records.map((record, row) => ({ ...record, confidence: toConfidence(row) }));
}
