import type { Context } from 'aws-lambda';
import type { Config } from '../config.ts';
import { createHandler, type Service } from '../handler.ts';
import type { HttpResponse } from '../http/response.ts';
import { createMonitor } from '../telemetry/monitor.ts';
import { createTelemetry } from '../telemetry/telemetry.ts';

/**
 * After ten rounds V8 has enough information to optimise. More rounds shorten the first request only a little, and a
 * thousand take 23 MB (bench/NOTES.md).
 */
const rounds = 10;

/**
 * Predicts the model's example through the whole handler, so that V8 has compiled this code before the first real
 * request. It leaves no trace: nothing is captured or logged, and it has its own telemetry and monitor. Throws if the
 * example gets no answer.
 */
export async function rehearse(
  service: Pick<Service, 'model' | 'limits' | 'corsOrigins' | 'readAsset'>,
  config: Config,
) {
  const { manifest } = service.model;
  const handler = createHandler({
    ...service,
    capture: undefined,
    observe: createMonitor(manifest, config),
    startTelemetry: createTelemetry(config, manifest, 0, writeNothing),
  });
  const event = toEvent(manifest.examples[0]?.instances[0]);
  for (let round = 0; round < rounds; round += 1) {
    const { statusCode, body } = (await handler(event, context)) as HttpResponse;
    if (statusCode !== 200) throw new Error(`The example of model.json is answered ${statusCode}: ${body}`);
  }
}

/** Writes nothing, but opens the output stream. */
function writeNothing(): void {
  process.stdout.write('');
}

/** An event as API Gateway sends it. */
function toEvent(row: unknown) {
  return {
    version: '2.0',
    rawPath: '/predict',
    rawQueryString: '',
    headers: { 'content-type': 'application/json' },
    requestContext: { http: { method: 'POST', path: '/predict' }, requestId: 'rehearsal', stage: '$default' },
    body: JSON.stringify(row),
    isBase64Encoded: false,
  };
}

/** The members of Context that an answer needs. The others only appear in the log line, which is not written. */
const context = { awsRequestId: 'rehearsal', getRemainingTimeInMillis: () => 30_000 } as Context;
