import type { Context } from 'aws-lambda';
import type { Config } from './config.ts';
import { createHandler, type Service } from './handler.ts';
import type { HttpResponse } from './http/response.ts';
import { createMonitor } from './telemetry/monitor.ts';
import { createTelemetry } from './telemetry/telemetry.ts';

/** After ten, V8 has collected what it optimises by. More shorten the first request by little, and a thousand take 20 MB (bench/NOTES.md). */
const rounds = 10;

/**
 * Answers the model's example as a request, so that V8 has compiled the whole way of one before the first comes. Nobody asked, so it
 * counts nowhere: nothing is captured or written, and its telemetry and its monitor are not those of the requests. Throws
 * where the example is not answered.
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

/** Opens the stream all the same. */
function writeNothing(): void {
  process.stdout.write('');
}

/** As an API sends it. */
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

/** What of it is read. */
const context = { awsRequestId: 'rehearsal', getRemainingTimeInMillis: () => 30_000 } as Context;
