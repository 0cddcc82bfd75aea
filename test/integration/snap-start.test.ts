import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { createHttpEvent } from '../helpers/http-event.ts';
import { sortLines } from '../helpers/output.ts';
import { credentials, startS3 } from '../helpers/s3.ts';
import { type Restored, restore } from '../helpers/snapshot.ts';

const hour = 3_600_000;
const headers = { 'content-type': 'application/json' };
const row = [5.1, 3.5, 1.4, 0.2];
const event = createHttpEvent({ path: '/predict', headers, body: '[5.1,3.5,1.4,0.2]' });

describe('an environment that is restored from a snapshot', () => {
  const restored: Restored[] = [];
  const start = async (...parameters: Parameters<typeof restore>) => {
    const process = await restore(...parameters);
    restored.push(process);
    return process;
  };
  afterEach(() => {
    for (const { stop } of restored.splice(0)) stop();
  });

  it('reports its own start and the time after the restore, and no row of the rehearsal', async () => {
    const { ask, written } = await start({ DRIFT_WINDOW_ROWS: '2' }, hour);
    const first = sortLines((await ask(event, 'one')).lines);
    const second = sortLines((await ask(event, 'two')).lines);
    expect(written).to.equal('');
    expect(first.logs).to.have.length(1);
    expect(first.logs[0]).to.include({ cold_start: true, function_request_id: 'one' });
    expect(second.logs[0]).to.include({ cold_start: false, function_request_id: 'two' });
    expect(first.metrics[0]).to.include({ ColdStart: 1, Rows: 1 }).and.not.to.have.property('InitDuration');
    expect(second.metrics[0]).not.to.have.any.keys('ColdStart', 'InitDuration');
    // If the rows of the rehearsal were counted too, the first row would have filled the window.
    const drift = ({ metrics }: typeof first) => metrics.filter((line) => 'PopulationStability' in line).length;
    expect([drift(first), drift(second)]).to.deep.equal([0, 4]);
    for (const { logs, metrics } of [first, second]) {
      expect(metrics[0]?.RequestLatency).to.be.within(0, hour / 2);
      expect(Date.parse(String(logs[0]?.timestamp)) - Date.now()).to.be.closeTo(hour, hour / 2);
    }
  });

  it('has opened no socket and asked for no credentials before the snapshot', async () => {
    const s3 = await startS3();
    const role = await startCredentialsEndpoint();
    try {
      const { ask, snapshot } = await start({ ...capturing(s3.config.endpoint), ...role.variables, CAPTURE_RATE: '1' });
      expect([snapshot.opened, role.asked]).to.deep.equal([[], 0]);
      // Capture gives up after a second, and a busy machine may need longer for the first requests.
      for (let request = 0; s3.objects.length === 0 && request < 20; request += 1) await ask(row, `request-${request}`);
      expect(s3.objects).to.have.length(1);
      expect(role.asked).to.be.above(0);
    } finally {
      await s3.stop();
      role.server.close();
    }
  });

  it('captures other requests than another copy of the same snapshot', async () => {
    const s3 = await startS3();
    const variables = {
      ...capturing(s3.config.endpoint),
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      AWS_SESSION_TOKEN: credentials.sessionToken,
      CAPTURE_RATE: '0.5',
    };
    try {
      const copies = await Promise.all([start(variables), start(variables)]);
      expect(copies[0]?.snapshot.random).to.equal(copies[1]?.snapshot.random);
      const kept: string[] = [];
      for (const [copy, { ask }] of copies.entries()) {
        for (let request = 0; request < 8; request += 1) await ask(row, `${copy}-${request}`);
        const paths = s3.objects.map(({ path }) => path);
        kept.push(
          Array.from({ length: 8 }, (_, request) =>
            Number(paths.some((path) => path.endsWith(`/${copy}-${request}.json`))),
          ).join(''),
        );
      }
      expect(kept[0]).to.match(/1/).and.match(/0/).and.not.equal(kept[1]);
    } finally {
      await s3.stop();
    }
  });
});

const capturing = (endpoint = '') => ({
  CAPTURE_BUCKET: 'kept',
  AWS_REGION: 'eu-west-1',
  AWS_ENDPOINT_URL_S3: endpoint,
});

/** Starts a server that gives out a role's credentials, as Lambda does if SnapStart is on. */
async function startCredentialsEndpoint() {
  const token = 'a token';
  const endpoint = { asked: 0, server: undefined as unknown as Server, variables: {} };
  endpoint.server = createServer((request, response) => {
    endpoint.asked += 1;
    if (request.headers.authorization !== token) return response.writeHead(404).end();
    const { accessKeyId, secretAccessKey, sessionToken } = credentials;
    const Expiration = new Date(Date.now() + hour).toISOString();
    return response.end(
      JSON.stringify({ AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey, Token: sessionToken, Expiration }),
    );
  });
  await new Promise<void>((resolve) => endpoint.server.listen(0, '127.0.0.1', resolve));
  const { port } = endpoint.server.address() as AddressInfo;
  endpoint.variables = {
    AWS_CONTAINER_CREDENTIALS_FULL_URI: `http://127.0.0.1:${port}/2021-04-23/credentials`,
    AWS_CONTAINER_AUTHORIZATION_TOKEN: token,
  };
  return endpoint;
}
