import { JobError } from './job-error.ts';

export interface S3Location {
  readonly bucket: string;
  readonly key: string;
}

/** Parses `s3://bucket/key`. Throws InvalidJob; `it` says in the message what the location is for. */
export function parseS3Location(location: string, it = 'A location'): S3Location {
  const [, bucket = '', key = ''] = /^s3:\/\/([^/]+)\/(.+)$/s.exec(location) ?? [];
  if (!key) throw new JobError('InvalidJob', `${it} must be s3://bucket/key, but is ${JSON.stringify(location)}`);
  if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(bucket)) {
    throw new JobError('InvalidJob', `${it} has an invalid bucket name: ${JSON.stringify(location)}`);
  }
  // URLs resolve these parts, so the request would be for another object.
  if (key.split('/').some((part) => part === '.' || part === '..')) {
    throw new JobError('InvalidJob', `${it} must not have . or .. between slashes: ${JSON.stringify(location)}`);
  }
  if (Buffer.byteLength(key) > 1024) throw new JobError('InvalidJob', `${it} is longer than the 1,024 bytes of a key`);
  return { bucket, key };
}

export function toS3Location(bucket: string, key: string): string {
  return `s3://${bucket}/${key}`;
}
