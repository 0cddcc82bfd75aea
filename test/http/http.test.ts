import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { readOutputs } from '../deploy/outputs.ts';
import { copyRepository, deployFrom } from '../deploy/sam.ts';
import { expectSuccess, run } from '../deploy/terminal.ts';
import type { Send } from '../helpers/behaviour.ts';
import type { Values } from '../helpers/cloudformation.ts';
import { createSend } from '../helpers/server.ts';
import { createUser, type Keys, sendSigned, sendToken } from './callers.ts';
import { type Door, doors, httpApi } from './doors.ts';
import { expectOpen, expectShut } from './requests.ts';
import { listVersions, pointAlias } from './versions.ts';

const { IMAGE_REPOSITORY, JWT_ISSUER = '' } = process.env;
const copy = copyRepository();
let outputs: Record<string, string> = {};

async function deploy(values: Values): Promise<void> {
  expectSuccess(await deployFrom(copy, 'default', values));
  outputs = await readOutputs('sepal');
}

function hostOf({ output }: Door): string {
  return new URL(outputs[output] ?? expect.fail(`no output ${output}`)).host;
}

const grantOf = (door: Door) => door.grant(hostOf(door), outputs);
const addressOf = (door: Door) => door.at(hostOf(door));
const unsigned = (door: Door): Send => createSend(() => addressOf(door));
const signed = (door: Door, keys: Keys): Send => sendSigned(addressOf(door), door.service, keys);

async function nameOfModel(send: Send): Promise<string> {
  const { status, body } = await send({ method: 'GET', path: '/model' });
  expect(status, body).to.equal(200);
  return JSON.parse(body).name;
}

describe('a deployed stack', () => {
  before(async () => {
    // The emulator has an image repository of its own, and cannot create the one that SAM would create.
    const config = join(copy, 'samconfig.toml');
    const repository = `image_repository = "${IMAGE_REPOSITORY}"`;
    writeFileSync(config, readFileSync(config, 'utf8').replaceAll('resolve_image_repos = true', repository));
    expectSuccess(await run('sam build', copy));
  });
  after(() => rmSync(copy, { recursive: true }));

  describe('with Authorization=NONE and FunctionUrl=NONE', () => {
    before(() => deploy({ Authorization: 'NONE', FunctionUrl: 'NONE' }));

    for (const door of doors) {
      it(`lets everybody in at ${door.name}, on every route`, () => expectOpen(unsigned(door)));
    }

    it('answers the curl command in its outputs', async () => {
      const { Curl: line = '', ApiUrl: address = '' } = outputs;
      const here = line.replace('curl', 'curl -sS').replace(address, addressOf(httpApi).replace('$', '\\$'));
      const { output } = await run(here, copy);
      expect(JSON.parse(output).predictions[0].label).to.equal('setosa');
    });
  });

  describe('with Authorization and FunctionUrl=AWS_IAM, CorsOrigins, and a new ModelName but no new Release', () => {
    const origin = 'https://page.example';
    before(() => deploy({ Authorization: 'AWS_IAM', FunctionUrl: 'AWS_IAM', CorsOrigins: origin, ModelName: 'churn' }));

    const refused: Record<string, (door: Door) => Promise<Send>> = {
      'does not sign': async (door) => unsigned(door),
      "signs with another user's secret key": async (door) => {
        const { accessKeyId } = await createUser(`guesser-${door.service}`, grantOf(door));
        return signed(door, {
          accessKeyId,
          secretAccessKey: (await createUser(`other-${door.service}`)).secretAccessKey,
        });
      },
      'has no policy': async (door) => signed(door, await createUser(`nobody-${door.service}`)),
      "has a policy for another stack's door": async (door) =>
        signed(door, await createUser(`neighbour-${door.service}`, door.elsewhere)),
    };

    for (const door of doors) {
      it(`lets a caller with a signature and a policy in at ${door.name}, on every route`, async () => {
        await expectOpen(signed(door, await createUser(`caller-${door.service}`, grantOf(door))));
      });

      for (const [caller, create] of Object.entries(refused)) {
        it(`shuts ${door.name} to a caller who ${caller}`, async () => {
          await expectShut(await create(door), 403, door);
        });
      }

      it(`answers preflight requests at ${door.name} without a signature`, async () => {
        const ask = (from: string) => {
          const headers = { origin: from, 'access-control-request-method': 'POST' };
          return unsigned(door)({ method: 'OPTIONS', path: '/predict', headers });
        };
        const { status, headers } = await ask(origin);
        expect(status).to.be.oneOf([200, 204]);
        expect(headers['access-control-allow-origin']).to.equal(origin);
        expect(headers['access-control-allow-methods']?.split(',')).to.include('POST');
        expect(headers['access-control-allow-headers']?.split(',')).to.include('authorization');
        expect((await ask('https://other.example')).headers).not.to.have.property('access-control-allow-origin');
      });
    }

    it('still serves the earlier model', async () => {
      const reader = await createUser('reader', grantOf(httpApi));
      expect(await nameOfModel(signed(httpApi, reader))).to.equal('iris');
    });
  });

  describe('with Authorization=JWT', () => {
    before(() => deploy({ Authorization: 'JWT', FunctionUrl: 'off', JwtIssuer: JWT_ISSUER, JwtAudience: 'sepal' }));

    it('lets in a caller with a token from the issuer for the audience, on every route', async () => {
      await expectOpen(sendToken(addressOf(httpApi)));
    });

    it('is shut to a caller without a token, except for the health checks', () =>
      expectShut(unsigned(httpApi), 401, httpApi));

    const refused: Record<string, string> = {
      'is for another audience': 'aud=other',
      'is from another issuer': 'iss=https://issuer.example',
      'has expired': 'exp=-60',
      'is not valid yet': 'nbf=600',
      "is signed with another's key": 'key=other.key',
      'names a key that the issuer does not have': 'kid=other',
      'is not signed': 'alg=none',
    };
    for (const [token, claim] of Object.entries(refused)) {
      it(`is shut to a caller with a token that ${token}, except for the health checks`, async () => {
        await expectShut(sendToken(addressOf(httpApi), claim), 401, httpApi);
      });
    }
  });

  describe('with a new Release', () => {
    before(() => deploy({ Authorization: 'NONE', ModelName: 'churn', Release: 'r2' }));

    it('serves the model of its parameters', async () => {
      expect(await nameOfModel(unsigned(httpApi))).to.equal('churn');
    });

    it('serves the earlier model again after the alias is pointed back', async () => {
      const { FunctionName: name = '' } = outputs;
      const versions = await listVersions(name);
      expect(versions).to.deep.equal(['1', '2']);
      await pointAlias(name, '1');
      expect(await nameOfModel(unsigned(httpApi))).to.equal('iris');
    });
  });

  describe('with parameters that do not fit together', () => {
    it('stays as it is, and the deployment says which parameter is missing', async () => {
      const outcome = await deployFrom(copy, 'default', { Authorization: 'JWT', JwtIssuer: '' });
      expect(outcome.status, outcome.output).to.equal(1);
      expect(outcome.output).to.include('JwtIssuer must be given when Authorization is JWT');
      expect(await nameOfModel(unsigned(httpApi))).to.equal('iris');
    });
  });

  describe('after sam delete', () => {
    it('answers nobody', async () => {
      expectSuccess(await run('sam delete --no-prompts --region us-east-1', copy));
      expect((await unsigned(httpApi)({ path: '/predict' })).status).to.equal(404);
    });
  });
});
