import type { Credentials, S3Access } from '../../functions/core/environment.ts';
import { connectToS3 } from '../../functions/core/s3.ts';

const region = 'us-east-1';
const credentials = { accessKeyId: 'testing', secretAccessKey: 'testing' };

/** The endpoints of the S3 servers that test/batch/check starts. */
export const servers = { moto: readEndpoint('AWS_ENDPOINT'), versitygw: readEndpoint('GATEWAY_ENDPOINT') };

function readEndpoint(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: run these tests by npm run test:batch`);
  return value;
}

export function accessTo(endpoint: string): S3Access & { readonly credentials: Credentials } {
  return { region, endpoint, credentials };
}

let made = 0;

/** Creates a bucket that no other test uses, and returns its name. */
export async function makeBucket(endpoint: string): Promise<string> {
  const bucket = `sepal-${process.pid}-${made++}`;
  const send = await connectToS3(accessTo(endpoint));
  await (await send({ method: 'PUT', bucket, timeoutMs: 10_000 })).text();
  return bucket;
}
