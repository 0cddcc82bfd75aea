import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { loadModel } from '../../functions/core/model/load.ts';
import type { Handler } from '../../functions/predict/handler.ts';
import { createContext } from '../../local/context.ts';
import type { TestResponse } from '../helpers/behaviour.ts';
import { createHttpEvent, fromHttpResponse, type TestRequest } from '../helpers/http-event.ts';
import { captureOutput } from '../helpers/output.ts';
import { createService } from '../helpers/service.ts';

const context = createContext('request-1');
const json = { 'content-type': 'application/json' };
const csv = { 'content-type': 'text/csv' };

/** A valid row for the package churn. */
const row = {
  contract: 'monthly',
  payment: 'card',
  region: 'North',
  tenure: 3,
  monthly_charge: 71.5,
  support_calls: 2,
  paperless: true,
};
const names = Object.keys(row);
const values = Object.values(row);
const line = values.join();
const table = `${names}\n${line}\n`;

/** One tensor for each feature. `changes` replaces members of the tensors, by the names of the features. */
const tensorsOf = (changes: Readonly<Record<string, object>> = {}) =>
  Object.entries(row).map(([name, value]) => {
    return { name, shape: [1, 1], datatype: datatypes[typeof value], data: [value], ...changes[name] };
  });
const datatypes: Readonly<Record<string, string>> = { string: 'BYTES', boolean: 'BOOL', number: 'FP64' };

type Answer = (request: TestRequest) => Promise<TestResponse>;

const createAnswer =
  (handler: () => Handler): Answer =>
  async (request) => {
    const { result } = await captureOutput(() => handler()(createHttpEvent(request), context));
    return fromHttpResponse(result);
  };

describe('a request that could be misread', () => {
  const handlers: Record<string, Handler> = {};
  before(async () => {
    for (const name of ['churn', 'iris']) handlers[name] = createService(await loadModel('models', name));
  });
  const churn = createAnswer(() => handlers.churn as Handler);
  const iris = createAnswer(() => handlers.iris as Handler);

  /** The probability of the first class for each row. It depends on every value, so that it shows a misread value. */
  const scoresOf = async (request: TestRequest, answer = churn): Promise<number[]> => {
    const { status, body } = await answer(request);
    expect(status, body).to.equal(200);
    return JSON.parse(body).predictions.map(
      (prediction: { probabilities: Record<string, number> }) => Object.values(prediction.probabilities)[0],
    );
  };
  const scoreOf = async (changes: object) =>
    scoresOf({ path: '/predict', headers: json, body: JSON.stringify({ ...row, ...changes }) });
  const refusal = async (request: TestRequest, answer = churn): Promise<[number, string]> => {
    const { status, body } = await answer(request);
    return [status, body];
  };
  const predictCsv = (body: string | Uint8Array, type = 'text/csv') => ({
    path: '/predict',
    headers: { 'content-type': type },
    body,
  });
  const record = (changes: Record<string, string>) =>
    `{${Object.entries({ ...row, ...changes })
      .map(([name, value]) => `"${name}":${name in changes ? value : JSON.stringify(value)}`)
      .join()}}`;

  describe('bytes that are not UTF-8', () => {
    const latin = (text: string) => Buffer.from(text, 'latin1');
    const jsonText = JSON.stringify({ ...row, region: 'Île-de-France' });
    const csvText = `${names}\n${values.with(2, 'Île-de-France')}\n`;

    it('are answered with 400 and their place, whether compressed or not', async () => {
      const requests: TestRequest[] = [
        { path: '/predict', headers: json, body: latin(jsonText) },
        { path: '/predict', headers: csv, body: latin(csvText) },
        { path: '/predict', body: latin(jsonText) },
        { path: '/predict', headers: { ...csv, 'content-encoding': 'gzip' }, body: gzipSync(latin(csvText)) },
        { path: '/invocations', headers: csv, body: latin(csvText) },
        { path: '/invocations', headers: json, body: latin(`{"instances":[${jsonText}]}`) },
        { path: '/predict', headers: json, body: jsonText.replace('Î', '\uFFFD') },
      ];
      for (const request of requests) {
        const [status, body] = await refusal(request);
        expect(status, body).to.equal(400);
        expect(body).to.match(/UTF-8, but it is invalid from character \d+ on, in line \d/);
      }
      const [, body] = await refusal({ path: '/predict', headers: csv, body: latin(csvText) });
      expect(body).to.include(`from character ${csvText.indexOf('Î')} on, in line 2`);
    });

    it('are answered with 400 in a bare body', async () => {
      for (const body of [jsonText.replace('Î', '\uFFFD'), latin(jsonText).toString('base64')]) {
        const { result } = await captureOutput(() => (handlers.churn as Handler)({ body }, context));
        expect(fromHttpResponse(result)).to.include({ status: 400 });
      }
    });

    it('are reported as UTF-16 if they are UTF-16', async () => {
      for (const headers of [csv, json, {}]) {
        const body = Buffer.from(`\uFEFF${csvText}`, 'utf16le');
        expect((await refusal({ path: '/predict', headers, body }))[1]).to.include('UTF-8, but it is UTF-16');
      }
    });

    it('are reported even if a client decoded them wrongly and escaped the result, as Python does', async () => {
      const escaped = '\\ufffdle-de-France';
      const requests: [TestRequest, string][] = [
        [{ path: '/predict', headers: json, body: record({ region: `"${escaped}"` }) }, '/region'],
        [
          { path: '/invocations', headers: json, body: `{"instances":[${record({ region: `"${escaped}"` })}]}` },
          '/region',
        ],
        [
          {
            path: '/v2/models/churn/infer',
            headers: json,
            body: JSON.stringify({ inputs: tensorsOf() }).replace('"North"', `"${escaped}"`),
          },
          '/inputs/2/data/0',
        ],
      ];
      for (const [request, pointer] of requests) {
        const [status, body] = await refusal(request);
        expect(status, body).to.equal(422);
        expect(body).to.include(pointer).and.to.include('got U+FFFD, which replaces bytes that could not be decoded');
      }
      const payload = { ...row, region: '\uFFFDle-de-France' };
      const error = await captureOutput(() => (handlers.churn as Handler)(payload, context).catch((thrown) => thrown));
      expect(String(error.result)).to.include('/region: expected a string of characters, got U+FFFD');
    });

    it('are refused as strings of a tensor', async () => {
      const cases: [Buffer, string][] = [
        [
          latin('Île'),
          'The request cannot be read as one of the Open Inference Protocol; /inputs/2: expected strings in UTF-8',
        ],
        [
          Buffer.from('\uFFFDle'),
          'There is 1 problem with the rows; /inputs/2/data/0: expected a string of characters, got U+FFFD, which replaces bytes that could not be decoded',
        ],
      ];
      for (const [bytes, error] of cases) {
        const size = Buffer.alloc(4);
        size.writeUInt32LE(bytes.length);
        const region = { data: undefined, parameters: { binary_data_size: 4 + bytes.length } };
        const head = Buffer.from(JSON.stringify({ inputs: tensorsOf({ region }) }));
        const headers = { 'inference-header-content-length': String(head.length) };
        const body = Buffer.concat([head, size, bytes]);
        const [status, text] = await refusal({ path: '/v2/models/churn/infer', headers, body });
        expect([status, text]).to.deep.equal([422, JSON.stringify({ error })]);
      }
    });
  });

  describe('missing values in CSV', () => {
    const missing = ['', '#N/A', '#N/A N/A', '#NA', '-1.#IND', '-1.#QNAN', '-NaN', '-nan', '1.#IND', '1.#QNAN', '<NA>'];
    missing.push('N/A', 'NA', 'NULL', 'NaN', 'None', 'n/a', 'nan', 'null');

    it('are those of pandas, quoted or not, for strings and for numbers', async () => {
      const expected = await scoreOf({ payment: null, monthly_charge: null });
      expect(expected).not.to.deep.equal(await scoreOf({}));
      for (const text of missing) {
        for (const field of [text, `"${text}"`]) {
          const body = `${names}\n${values.with(1, field).with(4, field)}\n`;
          expect(await scoresOf(predictCsv(body)), field).to.deep.equal(expected);
          const [, records] = body.split('\n');
          expect(await scoresOf(predictCsv(`${records}\n`)), field).to.deep.equal(expected);
        }
      }
    });

    it('are reported as missing values if a feature may not be missing', async () => {
      for (const text of missing) {
        const body = `${names}\n${values.with(2, text).with(3, text).with(6, text)}\n`;
        const [status, answer] = await refusal(predictCsv(body));
        expect(status, text).to.equal(422);
        expect(JSON.parse(answer).errors, text).to.deep.equal([
          { pointer: '/1/region', detail: 'expected a string, got a field that is read as a missing value' },
          { pointer: '/1/tenure', detail: 'expected an integer, got a field that is read as a missing value' },
          { pointer: '/1/paperless', detail: 'expected true or false, got a field that is read as a missing value' },
        ]);
      }
    });
  });

  describe('NaN and Infinity in JSON', () => {
    it('are accepted in every layout if they are NaN, which is a missing value', async () => {
      const expected = await scoreOf({ payment: null, monthly_charge: null });
      const changed = record({ payment: 'NaN', monthly_charge: ' NaN ' });
      const list = JSON.stringify(values.with(1, 'NaN').with(4, 'NaN')).replaceAll('"NaN"', 'NaN');
      for (const body of [changed, `[${changed}]`, `{"instances":[${changed}]}`, list, `[${list}]`]) {
        expect(await scoresOf({ path: '/predict', headers: json, body }), body).to.deep.equal(expected);
      }
      const split = `{"dataframe_split":{"columns":${JSON.stringify(names)},"data":[${list}]},"params":{"predict_method":"predict_proba"}}`;
      const { body } = await churn({ path: '/invocations', headers: json, body: split });
      expect(JSON.parse(body).predictions[0][0]).to.equal(expected[0]);
    });

    it('are refused with their place if they are Infinity, or NaN for a feature that may not be missing', async () => {
      const body = `[${JSON.stringify(row)},${record({ tenure: 'NaN', monthly_charge: '-Infinity', support_calls: 'Infinity' })}]`;
      const [status, answer] = await refusal({ path: '/predict', headers: json, body });
      expect(status).to.equal(422);
      expect(JSON.parse(answer).errors).to.deep.equal([
        { pointer: '/1/tenure', detail: 'expected a number, got NaN' },
        {
          pointer: '/1/monthly_charge',
          detail: "expected a finite number, got Infinity or one beyond float64's range",
        },
        { pointer: '/1/support_calls', detail: "expected a finite number, got Infinity or one beyond float64's range" },
      ]);
    });

    it('are read likewise in a JSON tensor, as Triton sends it', async () => {
      const tensors = (charge: string) =>
        JSON.stringify({ inputs: tensorsOf({ monthly_charge: { data: ['?'] } }) }).replace('"?"', charge);
      const path = '/v2/models/churn/infer';
      const { body } = await churn({ path, headers: json, body: tensors('NaN') });
      expect(body).to.equal((await churn({ path, headers: json, body: tensors('null') })).body);
      expect((await refusal({ path, headers: json, body: tensors('Infinity') }))[0]).to.equal(422);
    });
  });

  describe('columns that the model does not know', () => {
    const wide = { ...row, email: 'a@example.com', id: 7 };
    const wideCsv = `${Object.keys(wide)}\n${Object.values(wide)}\n`;

    it('are refused by name at /predict, with a way to leave them out', async () => {
      for (const request of [
        { path: '/predict', headers: json, body: JSON.stringify(wide) },
        { path: '/predict', headers: csv, body: wideCsv },
      ]) {
        const [status, body] = await refusal(request);
        expect(status).to.equal(422);
        expect(JSON.parse(body).errors[0].detail).to.equal(
          'the model has no feature "email"; ?ignore=email in the address omits it',
        );
        expect(body).not.to.include('example.com');
      }
    });

    it('are left out if the address says so', async () => {
      const expected = await scoreOf({});
      for (const query of [
        'ignore=email&ignore=id',
        'ignore=email,id',
        'ignore=id%2Cemail',
        'ignore=*',
        'ignore=%2A',
      ]) {
        for (const body of [JSON.stringify(wide), JSON.stringify([wide]), JSON.stringify({ instances: [wide] })]) {
          expect(await scoresOf({ path: `/predict?${query}`, headers: json, body }), query).to.deep.equal(expected);
        }
        expect(await scoresOf({ path: `/predict?${query}`, headers: csv, body: wideCsv })).to.deep.equal(expected);
      }
    });

    it('are refused if the address names other columns, or a feature', async () => {
      const body = JSON.stringify(wide);
      const ask = (query: string) => refusal({ path: `/predict?${query}`, headers: json, body });
      expect(await ask('ignore=email')).to.satisfy(
        ([status, text]: [number, string]) => status === 422 && text.includes('\\"id\\"'),
      );
      expect((await ask('ignore=email,tenure'))[1]).to.include(
        'columns that the model does not know, got \\"tenure\\"',
      );
      expect(await ask('ingore=email')).to.satisfy(
        ([status, text]: [number, string]) => status === 422 && text.includes('than ignore, got \\"ingore\\"'),
      );
    });

    it('are refused with the name of a similar feature', async () => {
      const { tenure, ...others } = row;
      const [, body] = await refusal({
        path: '/predict',
        headers: json,
        body: JSON.stringify({ ...others, Tenur: tenure }),
      });
      expect(JSON.parse(body).errors[0].detail).to.equal('the model has no feature "Tenur"; did you mean "tenure"?');
    });

    it('are left out at /invocations, as MLflow does', async () => {
      const ask = async (headers: TestRequest['headers'], body: string) =>
        JSON.parse((await churn({ path: '/invocations', headers: headers ?? {}, body })).body);
      const expected = await ask(json, JSON.stringify({ dataframe_records: [row] }));
      expect(expected.predictions).to.have.length(1);
      expect(await ask(json, JSON.stringify({ dataframe_records: [wide] }))).to.deep.equal(expected);
      expect(await ask({ ...csv, accept: 'application/json' }, wideCsv)).to.deep.equal(expected);
    });
  });

  describe('the header of a table', () => {
    const rows = '5.1,3.5,1.4,0.2\n5.7,2.8,4.5,1.3\n';
    const unnamed = `0,1,2,3\n${rows}`;

    it('of a frame without names is not taken for a row', async () => {
      for (const path of ['/predict', '/invocations']) {
        const [status, body] = await refusal({ path, headers: csv, body: unnamed }, iris);
        expect(status).to.equal(422);
        expect(body).to.match(/0 to 3 may be the header .* header=present, or header=absent/);
      }
    });

    it('is present or absent as the request says', async () => {
      const present = await scoresOf(predictCsv(unnamed, 'text/csv; header=present'), iris);
      expect(present).to.deep.equal(await scoresOf(predictCsv(rows), iris));
      expect(await scoresOf(predictCsv(unnamed, 'Text/CSV; Charset=UTF-8; Header="absent"'), iris)).to.have.length(3);
      expect(await scoresOf(predictCsv(rows, 'text/csv;header=absent'), iris)).to.have.length(2);
      expect((await refusal(predictCsv(rows, 'text/csv;header=present'), iris))[0]).to.equal(422);
      expect((await refusal(predictCsv(rows, 'text/csv;header=yes'), iris))[0]).to.equal(415);
    });

    it("with pandas' index is refused with an explanation at /predict, and accepted at /invocations", async () => {
      const indexed = `,${names}\n0,${line}\n`;
      expect((await refusal(predictCsv(indexed)))[1]).to.include('pandas writes its index as one');
      expect((await refusal(predictCsv(`0,${line}\n1,${line}\n`)))[1]).to.include(
        'expected the names of features, or 7 values, in the first record, got 8 fields that are neither',
      );
      expect((await churn({ path: '/invocations', headers: csv, body: indexed })).status).to.equal(200);
    });

    it('may have quoted names and a byte order mark', async () => {
      const expected = await scoreOf({});
      for (const body of [
        `\uFEFF${table}`,
        `${names.map((name) => `"${name}"`)}\n${line}`,
        `\uFEFF${names.map((name) => `"${name}"`)}\r\n${line}\r\n`,
      ]) {
        expect(await scoresOf(predictCsv(body))).to.deep.equal(expected);
      }
      const [status, spaced] = await refusal(predictCsv(`${names.join(', ')}\n${line}\n`));
      expect([status, JSON.parse(spaced).errors[0].detail]).to.deep.equal([
        422,
        'the model has no feature " payment"; did you mean "payment"?',
      ]);
    });

    it('is left out of an answer of /invocations, and of any answer if Accept says so', async () => {
      const ask = async (path: string, accept: string) =>
        (await iris({ path, headers: { ...csv, accept }, body: rows })).body.split('\r\n');
      expect(await ask('/invocations', 'text/csv')).to.have.length(3);
      expect((await ask('/invocations', 'text/csv'))[0]).to.match(/^setosa,0\.98/);
      expect((await ask('/invocations', 'text/csv; header=present'))[0]).to.match(/^label,/);
      expect((await ask('/predict', 'text/csv'))[0]).to.match(/^label,/);
      expect((await ask('/predict', 'text/csv;header=absent'))[0]).to.match(/^setosa,/);
    });

    it('is refused if the request does not say that it is CSV, and the error names the content type to send', async () => {
      for (const headers of [{}, { 'content-type': 'application/x-www-form-urlencoded' }, json]) {
        for (const body of [table, rows]) {
          const [status, text] = await refusal({ path: '/predict', headers, body });
          expect(status).to.equal(400);
          expect(text).to.include('send the header content-type: text/csv');
        }
      }
    });
  });

  it('is refused if it has too many rows, and the error names forms of the answer that hold more rows', async () => {
    const body = '5.1,3.5,1.4,0.2\n'.repeat(50_000);
    const [status, text] = await refusal({ path: '/predict', headers: csv, body }, iris);
    expect(status).to.equal(413);
    const [, rows] = /(\d+) fit as CSV \(accept: text\/csv/.exec(text) ?? [];
    expect(Number(rows)).to.be.above(50_000);
    expect((await iris({ path: '/predict', headers: { ...csv, accept: 'text/csv' }, body })).status).to.equal(200);
    expect(text).to.match(/100000 fit as labels alone \(POST \/invocations with accept: application\/json/);
    expect(
      (await iris({ path: '/invocations', headers: { ...csv, accept: 'application/json' }, body })).status,
    ).to.equal(200);
  });

  it('has its texts decoded as MLServer encodes them, and is refused if the encoding or a parameter is unknown', async () => {
    const path = '/v2/models/churn/infer';
    const ask = (region: object, parameters?: object) =>
      churn({ path, headers: json, body: JSON.stringify({ parameters, inputs: tensorsOf({ region }) }) });
    const of = (content_type: string, data: unknown) => ({ data: [data], parameters: { content_type } });
    const { body: expected } = await ask({ data: ['Île-de-France'] });
    for (const region of [
      of('str', 'Île-de-France'),
      of('base64', Buffer.from('Île-de-France').toString('base64')),
      of('pd_json', '"Île-de-France"'),
    ]) {
      expect((await ask(region)).body).to.equal(expected);
    }
    expect((await ask(of('str', 'Île-de-France'), { content_type: 'pd', headers: null })).body).to.equal(expected);
    for (const region of [
      of('base64', 'North'),
      of('base64', '/////w=='),
      of('pd_json', 'North'),
      of('hg_jpeg', 'North'),
    ]) {
      expect((await ask(region)).status).to.equal(422);
    }
    const { body: latinText } = await ask(of('base64', Buffer.from('Île', 'latin1').toString('base64')));
    expect(latinText).to.include(
      '/inputs/2/data/0: expected the base64 of a string in UTF-8 because content_type is base64',
    );
    expect((await ask({}, { colour: 'red' })).body).to.include('/parameters/colour: expected no other parameter than');
  });
});
