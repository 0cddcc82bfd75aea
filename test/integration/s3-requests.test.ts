import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { createS3Store } from '../../functions/batch/stores/s3.ts';
import type { Store } from '../../functions/batch/stores/store.ts';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

const location = 's3://tables/a.csv';
const content = Buffer.from(Array.from({ length: 5000 }, (_, index) => `${index},`).join(''));

const fail =
  (status: number, code: string): Answer =>
  (_, response) =>
    response.writeHead(status).end(`<Error><Code>${code}</Code><Message>of ${location}</Message></Error>`);

const range = ({ headers }: IncomingMessage): Buffer => {
  const [, start, end] = /^bytes=(\d+)-(\d+)$/.exec(headers.range ?? '') ?? [];
  return content.subarray(Number(start), Number(end) + 1);
};
const answerRange: Answer = (request, response) => response.writeHead(206).end(range(request));
/** Sends the first 3000 bytes of the range, and then breaks the connection. */
const breakOff: Answer = (request, response) => {
  const bytes = range(request);
  response.writeHead(206, { 'content-length': bytes.length });
  response.write(bytes.subarray(0, 3000), () => response.destroy());
};

describe('requests to S3', () => {
  let server: Server;
  let store: Store;
  let requests: IncomingMessage[];
  /** The answers to the requests in their order. The last answer also goes to all later requests. */
  let answers: Answer[];

  before(async () => {
    server = createServer((request, response) => {
      request.resume();
      requests.push(request);
      const answer = answers.length > 1 ? answers.shift() : answers[0];
      answer?.(request, response);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const credentials = { accessKeyId: 'key', secretAccessKey: 'secret' };
    store = createS3Store({ region: 'eu-west-1', endpoint, credentials }, 1);
  });
  beforeEach(() => {
    requests = [];
  });
  after(() => server.close());

  const source = { location, size: content.length, version: '"1"' };
  const read = async () => {
    const chunks: Uint8Array[] = [];
    for await (const chunk of store.read(source, 0, content.length)) chunks.push(chunk);
    return Buffer.concat(chunks);
  };
  const problem = (failing: Promise<unknown>) =>
    failing.then(
      () => expect.fail('nothing failed'),
      ({ name, message }: Error) => `${name}: ${message}`,
    );

  for (const [status, code] of [
    [500, 'InternalError'],
    [503, 'SlowDown'],
    [400, 'RequestTimeout'],
    [409, 'OperationAborted'],
  ] as const) {
    it(`repeats the request after ${status} ${code}`, async () => {
      answers = [fail(status, code), fail(status, code), answerRange];
      expect((await read()).equals(content)).to.equal(true);
      expect(requests.length).to.equal(3);
    });
  }

  it('continues at the byte at which a connection broke, with the same version', async () => {
    answers = [breakOff, breakOff, answerRange];
    expect((await read()).equals(content)).to.equal(true);
    const [first, second, third] = requests.map(({ headers }) => headers.range);
    expect([first, second, third]).to.deep.equal(
      [0, 3000, 6000].map((start) => `bytes=${start}-${content.length - 1}`),
    );
    expect(new Set(requests.map(({ headers }) => headers['if-match']))).to.deep.equal(new Set(['"1"']));
  });

  it('gives up after four attempts, with a temporary error', async () => {
    answers = [fail(503, 'SlowDown')];
    expect(await problem(read())).to.equal(
      `Unavailable: ${location} is temporarily unavailable (S3 answered 503 SlowDown)`,
    );
    expect(requests.length).to.equal(4);
  });

  const lasting: [number, string, string, string][] = [
    [403, 'AccessDenied', 'InputNotFound', 'InvalidJob'],
    [404, 'NoSuchBucket', 'InputNotFound', 'InvalidJob'],
    [412, 'PreconditionFailed', 'InputChanged', 'InputChanged'],
    [301, 'PermanentRedirect', 'InvalidJob', 'InvalidJob'],
    [400, 'AuthorizationHeaderMalformed', 'InvalidJob', 'InvalidJob'],
    [400, 'ExpiredToken', 'Unavailable', 'Unavailable'],
  ];
  for (const [status, code, ofReading, ofWriting] of lasting) {
    it(`explains ${status} ${code} with the location, and does not repeat the request`, async () => {
      answers = [fail(status, code)];
      expect(await problem(read())).to.match(
        new RegExp(`^${ofReading}: .*${location}.*\\(S3 answered ${status} ${code}\\)$`),
      );
      expect(await problem(store.put(location, content))).to.match(new RegExp(`^${ofWriting}: .*${location}`));
      expect(requests.length).to.equal(2);
    });
  }

  const uploads: Answer = (request, response) =>
    response.end(/uploads=/.test(request.url ?? '') ? '<X><UploadId>one</UploadId></X>' : '');
  const pieces = [0, 1].map((index) => ({ location: `s3://tables/part-${index}`, start: 0, end: 6 * 2 ** 20 }));

  it('treats an error in an answer of status 200 as an error, and aborts the upload', async () => {
    answers = [uploads, fail(200, 'InternalError')];
    expect(await problem(store.join(pieces, location))).to.match(/^Unavailable: /);
    expect(requests.at(-1)).to.include({ method: 'DELETE', url: '/tables/a.csv?uploadId=one' });
  });

  it('reads ETags however their quotes are written, and sends them as XML', async () => {
    const etags = ['&quot;a1&quot;', '&#34;b2&#34;'];
    const bodies: string[] = [];
    answers = [
      (request, response) => {
        const { method, url = '' } = request;
        if (method === 'PUT')
          response.end(`<CopyPartResult><ETag>${etags[Number(/r=(\d)/.exec(url)?.[1]) - 1]}</ETag></CopyPartResult>`);
        else if (url.includes('uploads=')) response.end('<X><UploadId>one</UploadId></X>');
        else {
          request.on('data', (chunk) => bodies.push(String(chunk)));
          request.on('end', () => response.end('<X><ETag>"c"</ETag></X>'));
        }
      },
    ];
    await store.join(pieces, location);
    expect(bodies.join('')).to.match(/<ETag>&quot;a1&quot;<\/ETag>.*<ETag>&quot;b2&quot;<\/ETag>/);
  });
});
