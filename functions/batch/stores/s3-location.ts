import { JobError } from '../job-error.ts';

export interface S3Location {
  readonly bucket: string;
  readonly key: string;
}

/** Of `s3://bucket/key`. Throws InvalidJob, naming the location by what `it` is for. */
export function parseS3Location(location: string, it = 'A location'): S3Location {
  const [, bucket = '', key = ''] = /^s3:\/\/([^/]+)\/(.+)$/s.exec(location) ?? [];
  if (!key) throw new JobError('InvalidJob', `${it} must be s3://bucket/key, and is ${JSON.stringify(location)}`);
  if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(bucket)) {
    throw new JobError('InvalidJob', `${it} names a bucket that cannot be: ${JSON.stringify(location)}`);
  }
  // An address drops them, so the request would be for another object.
  if (key.split('/').some((part) => part === '.' || part === '..')) {
    throw new JobError('InvalidJob', `${it} must have no . or .. between its slashes: ${JSON.stringify(location)}`);
  }
  if (Buffer.byteLength(key) > 1024) throw new JobError('InvalidJob', `${it} is longer than the 1,024 bytes of a key`);
  return { bucket, key };
}

export function toS3Location(bucket: string, key: string): string {
  return `s3://${bucket}/${key}`;
}
