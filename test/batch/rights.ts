import { readTemplate, resolveTemplate, type Values } from '../helpers/cloudformation.ts';
import type { S3Made } from './s3-proxy.ts';

/** An action that a role may take on a resource, or that a request needs. */
export interface Right {
  readonly action: string;
  readonly resource: string;
}

/** Reads the rights in S3 of the batch function's role from the template, with batch on and these parameters. */
export function readRights(values: Values): Right[] {
  const { Resources: resources } = resolveTemplate(readTemplate(), { Batch: 'on', ...values });
  const policies: Policy[] = resources.BatchRole?.Properties.Policies;
  const statements = policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
  return statements
    .filter(({ Action }) => [Action].flat().some((action) => action.startsWith('s3:')))
    .flatMap(({ Action, Resource }) =>
      [Action].flat().flatMap((action) => [Resource].flat().map((resource) => ({ action, resource }))),
    );
}

interface Policy {
  readonly PolicyDocument: { readonly Statement: { Action: string | string[]; Resource: string | string[] }[] };
}

/** The rights that a request needs according to S3's documentation. */
export function toNeeds({ method, bucket, key, query, headers }: S3Made): Right[] {
  const object = (action: string, path = `${bucket}/${key}`) => ({ action, resource: `arn:aws:s3:::${path}` });
  if (!key) return [object('s3:ListBucket', bucket)];
  if (method === 'DELETE') return [object(query.has('uploadId') ? 's3:AbortMultipartUpload' : 's3:DeleteObject')];
  if (method === 'GET' || method === 'HEAD') return [object('s3:GetObject')];
  const source = headers['x-amz-copy-source'];
  const put = object('s3:PutObject');
  return source ? [put, object('s3:GetObject', decodeURIComponent(String(source)).slice(1))] : [put];
}

export function covers({ action, resource }: Right, need: Right): boolean {
  if (action !== need.action) return false;
  const pattern = resource.split('*').map((text) => text.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${pattern.join('.*')}$`).test(need.resource);
}
