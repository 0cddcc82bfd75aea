import type { Values } from './cloudformation.ts';

/** For each door (HTTP API, function URL, REST API): who may call through it, or that it is off. */
export interface Doors {
  readonly http: 'off' | 'NONE' | 'AWS_IAM' | 'JWT';
  readonly url: 'off' | 'AWS_IAM' | 'NONE';
  readonly rest: 'off' | 'API_KEY';
}

export const everyChoice: readonly Doors[] = (['off', 'NONE', 'AWS_IAM', 'JWT'] as const).flatMap((http) =>
  (['off', 'AWS_IAM', 'NONE'] as const).flatMap((url) =>
    (['off', 'API_KEY'] as const).map((rest) => ({ http, url, rest })),
  ),
);

/** Returns the name of a choice in the lists below: its settings for HTTP API, function URL and REST API. */
export function nameOf({ http, url, rest }: Doors): string {
  return `${http}, ${url}, ${rest}`;
}

export const allowed: readonly string[] = [
  'NONE, off, off',
  'AWS_IAM, off, off',
  'JWT, off, off',
  'off, AWS_IAM, off',
  'NONE, AWS_IAM, off',
  'AWS_IAM, AWS_IAM, off',
  'JWT, AWS_IAM, off',
  'off, NONE, off',
  'NONE, NONE, off',
  'off, off, API_KEY',
  'AWS_IAM, off, API_KEY',
  'JWT, off, API_KEY',
  'off, AWS_IAM, API_KEY',
  'AWS_IAM, AWS_IAM, API_KEY',
  'JWT, AWS_IAM, API_KEY',
];

const noDoor = /^HttpApi, FunctionUrl and RestApi are all off/;
const urlBesideAuthorization = /^FunctionUrl=NONE lets everybody in, whatever Authorization says/;
const urlBesideKeys = /^FunctionUrl=NONE lets everybody in without a key/;
const apiBesideKeys = /^The HTTP API lets everybody in without a key/;

/** The messages of the template's rules for the choices that they refuse. */
export const refused: Readonly<Record<string, readonly RegExp[]>> = {
  'off, off, off': [noDoor],
  'AWS_IAM, NONE, off': [urlBesideAuthorization],
  'JWT, NONE, off': [urlBesideAuthorization],
  'NONE, off, API_KEY': [apiBesideKeys],
  'NONE, AWS_IAM, API_KEY': [apiBesideKeys],
  'off, NONE, API_KEY': [urlBesideKeys],
  'NONE, NONE, API_KEY': [urlBesideKeys, apiBesideKeys],
  'AWS_IAM, NONE, API_KEY': [urlBesideAuthorization, urlBesideKeys],
  'JWT, NONE, API_KEY': [urlBesideAuthorization, urlBesideKeys],
};

export function toParameters({ http, url, rest }: Doors): Values {
  return {
    HttpApi: http === 'off' ? 'off' : 'on',
    ...(http !== 'off' && { Authorization: http }),
    ...(http === 'JWT' && { JwtIssuer: 'https://issuer.example', JwtAudience: 'sepal' }),
    FunctionUrl: url,
    RestApi: rest,
  };
}
