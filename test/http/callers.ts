import { execFileSync } from 'node:child_process';
import { AwsClient } from 'aws4fetch';
import { callQuery } from '../deploy/outputs.ts';
import type { Send } from '../helpers/behaviour.ts';
import { createSend } from '../helpers/server.ts';

export interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** Creates an IAM user who may do only what the given statements allow. Returns the user's access key. */
export async function createUser(name: string, ...grants: readonly object[]): Promise<Keys> {
  await call({ Action: 'CreateUser', UserName: name });
  if (grants.length > 0) {
    const Statement = grants.map((grant) => ({ Effect: 'Allow', ...grant }));
    const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
    await call({ Action: 'PutUserPolicy', UserName: name, PolicyName: 'calls', PolicyDocument });
  }
  const text = await call({ Action: 'CreateAccessKey', UserName: name });
  const read = (element: string) => new RegExp(`<${element}>([^<]+)`).exec(text)?.[1] ?? '';
  return { accessKeyId: read('AccessKeyId'), secretAccessKey: read('SecretAccessKey') };
}

const call = (parameters: Record<string, string>) => callQuery('iam', '2010-05-08', parameters);

/** Returns a function that sends requests signed with these keys for a service. */
export function sendSigned(address: string, service: string, keys: Keys): Send {
  const client = new AwsClient({ ...keys, service, region: 'us-east-1' });
  return async (request) => {
    const { method = 'POST', path, headers = {} } = request;
    // The requests of this suite are text.
    const body = request.body?.toString() ?? null;
    const signed = await client.sign(`${address}${path}`, { method, headers: { ...headers }, body });
    return sendWith(address, Object.fromEntries(signed.headers))(request);
  };
}

/**
 * Returns a function that sends requests with a token. `claims` replace parts of a valid token: a claim, as in
 * `aud=other`, or the key, its id (`kid`) or the algorithm (`alg`) of the signature.
 */
export function sendToken(address: string, ...claims: readonly string[]): Send {
  const token = execFileSync(process.env.TOKEN ?? '', claims, { encoding: 'utf8' }).trim();
  return sendWith(address, { authorization: `Bearer ${token}` });
}

function sendWith(address: string, own: Readonly<Record<string, string>>): Send {
  const send = createSend(() => address);
  return (request) => send({ ...request, headers: { ...request.headers, ...own } });
}
