import { createHash } from 'node:crypto';
import type { CaptureConfig } from './config.ts';

/** Stores an object, and rejects where S3 does not say within the time that it did. */
export type PutObject = (key: string, body: string, timeoutMs: number) => Promise<void>;

/** S3 by one signed request: an SDK would cost the cold start more than all of the function. */
export async function createPutObject({ bucket, region, endpoint, credentials }: CaptureConfig): Promise<PutObject> {
  // A file of its own in the bundle, which is read only where something is to be stored.
  const { AwsClient } = await import('aws4fetch');
  const client = new AwsClient({ ...credentials, region, service: 's3', retries: 0 });
  const address = endpoint ? `${endpoint}/${bucket}` : toBucketAddress(bucket, region);

  return async (key, body, timeoutMs) => {
    const path = key.split('/').map(encodeURIComponent).join('/');
    const response = await client.fetch(`${address}/${path}`, {
      method: 'PUT',
      body,
      headers: {
        'content-type': 'application/json',
        'x-amz-content-sha256': createHash('sha256').update(body).digest('hex'),
        // An environment is frozen between requests, and a connection that it keeps is dead when it wakes.
        connection: 'close',
      },
      signal: AbortSignal.timeout(timeoutMs),
    });
    const answer = await response.text();
    if (!response.ok) throw new Error(`S3 answered ${response.status} ${/<Code>(\w+)/.exec(answer)?.[1] ?? ''}`.trim());
  };
}

function toBucketAddress(bucket: string, region: string): string {
  return `https://${bucket}.s3.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}`;
}
