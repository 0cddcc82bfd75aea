import { hash } from 'node:crypto';
import { ConfigError } from '../../core/environment.ts';
import type { Instances } from '../../core/model/columns.ts';
import type { Manifest } from '../../core/model/manifest.ts';
import type { Predictions } from '../../core/model/prediction.ts';
import { toRecords } from '../../core/model/records.ts';
import { isRecord } from '../../core/model/value.ts';
import { createPutObject } from '../../core/s3.ts';
import type { Config } from '../config.ts';

/** Stores a predicted request if it belongs to the configured share. Rejects if storing fails. */
export type Capture = (exchange: CapturedExchange) => Promise<void>;

export interface CapturedExchange {
  readonly requestId: string;
  /** The rows that were predicted. */
  readonly instances: Pick<Instances, 'count' | 'rows'>;
  readonly predictions: Predictions;
}

/**
 * Only the first rows of a request are stored, at most this many. Preparing more would delay the answer further, and
 * the timeout does not limit that, because it covers only the upload.
 */
const maxRows = 1000;

/**
 * The answer waits at most `timeoutMs` for S3. Lambda freezes the function after the answer, so storing cannot continue
 * later.
 *
 * Returns undefined if nothing is to be stored. Throws ConfigError if CAPTURE_REDACT names a feature that the model
 * does not have.
 */
export async function createCapture(
  { capture, captureRedact }: Pick<Config, 'capture' | 'captureRedact'>,
  manifest: Manifest,
  timeoutMs = 1000,
): Promise<Capture | undefined> {
  // Checked even if capture is off, so that a typing mistake is found now and not when capture is turned on.
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
 * Maps request ids evenly to [0, 1). Math.random would not work: its state is part of a SnapStart snapshot, so all
 * restored environments would draw the same numbers, and either all or none would store their first requests.
 */
function toShare(requestId: string): number {
  return Number.parseInt(hash('sha256', requestId).slice(0, 12), 16) / 2 ** 48;
}

function checkRedaction(names: readonly string[], { features }: Manifest): void {
  const unknown = names.filter((name) => !features.some((feature) => feature.name === name));
  if (unknown.length === 0) return;
  const known = features.map((feature) => feature.name).join(', ');
  throw new ConfigError(`CAPTURE_REDACT must name features of the model (${known}), but names ${unknown.join(', ')}`);
}

/**
 * Keys are grouped by day (UTC). The id can come from an event that somebody wrote by hand, and then hold any text. So
 * all characters except letters, digits, `_`, `=` and `-` are replaced.
 */
function toKey(model: string, requestId: string, time: Date): string {
  const day = time.toISOString().slice(0, 10).replaceAll('-', '/');
  return `${model}/${day}/${requestId.replace(/[^\w=-]/g, '_').slice(0, 200)}.json`;
}

/**
 * The stored document. Rows are records by feature name, whatever form the request had. Redacted values are null, and
 * their features are listed.
 */
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

/** If the answer does not show the probabilities, stores the largest one of each target as its confidence. */
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
