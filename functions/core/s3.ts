import { createHash } from 'node:crypto';
import type { S3Access } from './environment.ts';

/** Stores an object, and rejects where S3 does not say within the time that it did. */
export type PutObject = (key: string, body: string, timeoutMs: number) => Promise<void>;

/** S3 by one signed request: an SDK would cost the cold start more than all of the function. */
export async function createPutObject(bucket: string, { region, endpoint, credentials }: S3Access): Promise<PutObject> {
  // Not before: it need not run where nothing is to be stored.
  const { AwsClient } = await import('aws4fetch');
  const client = new AwsClient({ ...credentials, region, service: 's3', retries: 0 });
  const address = endpoint ? `${endpoint}/${bucket}` : toBucketAddress(bucket, region);

  return async (key, body, timeoutMs) => {
    const path = key.split('/').map(encodeURIComponent).join('/');
    const send = async () => {
      const response = await client.fetch(`${address}/${path}`, {
        method: 'PUT',
        body,
        headers: { ...headers, 'x-amz-content-sha256': createHash('sha256').update(body).digest('hex') },
        signal: AbortSignal.timeout(timeoutMs),
      });
      return { status: response.status, ok: response.ok, answer: await response.text() };
    };
    const { ok, status, answer } = await send().catch((error: Error) => {
      // A DOMException, of which a log would show every constant.
      throw error.name === 'TimeoutError' ? new Error(`S3 did not answer within ${timeoutMs} ms`) : error;
    });
    if (!ok) throw new Error(`S3 answered ${status} ${/<Code>(\w+)/.exec(answer)?.[1] ?? ''}`.trim());
  };
}

const headers = {
  'content-type': 'application/json',
  // An environment is frozen between requests, and a connection that it keeps is dead when it wakes.
  connection: 'close',
};

function toBucketAddress(bucket: string, region: string): string {
  return `https://${bucket}.s3.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}`;
}
