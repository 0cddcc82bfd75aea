import type { Credentials, CredentialsEndpoint } from './environment.ts';

/** Returns the credentials for signing a request. Rejects if they do not arrive before `signal` aborts. */
export type ReadCredentials = (signal: AbortSignal) => Promise<Credentials>;

/**
 * Credentials are fetched again if they expire within this many milliseconds. Otherwise they could expire between the
 * signing of a request and S3's check of the signature.
 */
const spareMs = 60_000;

/**
 * Credentials from the environment never change. Credentials from an endpoint are fetched by the first request that
 * needs them, and again before they expire. If they were fetched at the start, the SnapStart snapshot would hold them,
 * and every restored environment would begin with expired ones.
 */
export function createCredentials(source: Credentials | CredentialsEndpoint): ReadCredentials {
  if (!('url' in source)) return async () => source;
  let known: Expiring | undefined;
  return async (signal) => {
    if (!known || known.expiresAt - spareMs < Date.now()) known = await ask(source, signal);
    return known.credentials;
  };
}

interface Expiring {
  readonly credentials: Credentials;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

/** Calls the endpoint as the AWS SDKs do: docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html */
async function ask({ url, token }: CredentialsEndpoint, signal: AbortSignal): Promise<Expiring> {
  const response = await fetch(url, { headers: { authorization: token, connection: 'close' }, signal });
  if (!response.ok) throw new Error(`the credentials endpoint answered with status ${response.status}`);
  const { AccessKeyId, SecretAccessKey, Token, Expiration } = (await response.json()) as Record<string, string>;
  if (!AccessKeyId || !SecretAccessKey) throw new Error('the credentials endpoint returned no access key');
  return {
    credentials: {
      accessKeyId: AccessKeyId,
      secretAccessKey: SecretAccessKey,
      ...(Token && { sessionToken: Token }),
    },
    // Without an expiration, 0 makes every request fetch them again.
    expiresAt: Date.parse(Expiration ?? '') || 0,
  };
}
