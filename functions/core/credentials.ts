import type { Credentials, CredentialsEndpoint } from './environment.ts';

/** What a request is signed with. Rejects where it is not told before the signal. */
export type ReadCredentials = (signal: AbortSignal) => Promise<Credentials>;

/** Milliseconds that credentials must be good for yet: as long as a request can take that is signed with them. */
const spareMs = 60_000;

/**
 * The credentials of the environment never change. Those of an endpoint are asked for by the first request that needs them, and
 * again before they expire. Asked for at the start, they would be in the snapshot, and every environment would begin with old ones.
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

/** As the SDKs ask: docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html */
async function ask({ url, token }: CredentialsEndpoint, signal: AbortSignal): Promise<Expiring> {
  const response = await fetch(url, { headers: { authorization: token, connection: 'close' }, signal });
  if (!response.ok) throw new Error(`the endpoint of the role's credentials answered ${response.status}`);
  const { AccessKeyId, SecretAccessKey, Token, Expiration } = (await response.json()) as Record<string, string>;
  if (!AccessKeyId || !SecretAccessKey) throw new Error("the endpoint of the role's credentials told none");
  return {
    credentials: {
      accessKeyId: AccessKeyId,
      secretAccessKey: SecretAccessKey,
      ...(Token && { sessionToken: Token }),
    },
    // Where it is not told they are asked for each time.
    expiresAt: Date.parse(Expiration ?? '') || 0,
  };
}
