import { expect } from 'chai';
import fc from 'fast-check';
import { RequestError } from '../../functions/core/errors.ts';
import { defaultLimits, type Limits } from '../../functions/core/limits.ts';
import { toFeeds } from '../../functions/core/model/columns.ts';
import type { Manifest } from '../../functions/core/model/manifest.ts';
import { parseManifest } from '../../functions/core/model/manifest.ts';
import type { Prediction } from '../../functions/core/model/prediction.ts';
import { fromRecords } from '../../functions/core/model/records.ts';
import type { DType } from '../../functions/core/model/tensor.ts';
import {
  toLive,
  toModelMetadata,
  toModelReady,
  toReady,
  toServerMetadata,
} from '../../functions/predict/protocols/open-inference/documents.ts';
import {
  encodeOpenInferenceError,
  openInference,
} from '../../functions/predict/protocols/open-inference/open-inference.ts';
import { bytesOf, float64 } from '../helpers/binary.ts';
import { readManifest } from '../helpers/files.ts';
import { manifestOf, regressorManifest } from '../helpers/manifest.ts';
import { runs } from '../helpers/runs.ts';

const iris = parseManifest(readManifest());
const names = iris.features.map(({ name }) => name);
const row = [5.1, 3.5, 1.4, 0.2];
const one = (dtype: DType) => manifestOf([{ name: 'a', dtype }]);
const floats = (columns: string[]) =>
  manifestOf(
    columns.map((name) => ({ name, dtype: 'float64' as const })),
    'float64',
  );
const mixed = manifestOf([
  { name: 'f', dtype: 'float64', nullable: true },
  { name: 'i', dtype: 'int64' },
  { name: 'b', dtype: 'bool' },
  { name: 's', dtype: 'string' },
]);

type Body = string | Uint8Array;

const decodeBody = (body: Body, manifest: Manifest, headers = {}, limits: Limits = defaultLimits) =>
  openInference.decode({ headers, parameters: { model: manifest.name }, body }, manifest, limits);
const decode = (document: unknown, manifest = iris) => decodeBody(JSON.stringify(document), manifest);
const rowsOf = (document: unknown, manifest = iris) => decode(document, manifest).instances.rows;

/** Decodes a body of JSON and binary data. */
const decodeBinary = (document: unknown, tail: Uint8Array, manifest = iris, limits = defaultLimits) => {
  const json = Buffer.from(JSON.stringify(document));
  const headers = { 'inference-header-content-length': String(json.length) };
  return decodeBody(Buffer.concat([json, tail]), manifest, headers, limits);
};

/** The values that a model with one feature `a` gets from binary data of a datatype. */
const valuesOf = (datatype: string, shape: number[], tail: Uint8Array, dtype: DType = 'float64') => {
  const input = { name: 'a', datatype, shape, parameters: { binary_data_size: tail.length } };
  return decodeBinary({ inputs: [input] }, tail, one(dtype)).instances.rows.flat();
};

function thrownBy(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  return undefined;
}

function refusal(run: () => unknown): RequestError {
  const thrown = thrownBy(run);
  if (thrown instanceof RequestError) return thrown;
  throw thrown ?? new Error('expected a refusal');
}

const errorsOf = (run: () => unknown) => refusal(run).errors.map(({ pointer, detail }) => `${pointer}: ${detail}`);

const tensor = (data: unknown, shape: number[] = [1, 4], others = {}) => {
  return { name: 'X', datatype: 'FP64', shape, data, ...others };
};
const column = (name: string, datatype: string, data: unknown[], shape = [data.length]) => ({
  name,
  datatype,
  shape,
  data,
});

describe('the Open Inference Protocol', () => {
  describe('decode', () => {
    it('reads one flat or nested tensor of any name, and a tensor of one dimension as one row', () => {
      for (const name of ['X', 'input-0', 'predict']) {
        expect(rowsOf({ inputs: [tensor([...row, ...row], [2, 4], { name })] })).to.deep.equal([row, row]);
        expect(rowsOf({ inputs: [tensor([row, row], [2, 4], { name })] })).to.deep.equal([row, row]);
        expect(rowsOf({ inputs: [tensor(row, [4], { name })] })).to.deep.equal([row]);
      }
      expect(rowsOf({ inputs: [tensor(row, [1, 4], { name: names[0] })] })).to.deep.equal([row]);
    });

    it('reads one feature from a shape of one dimension and of two', () => {
      for (const name of ['a', 'input-0']) {
        for (const [shape, data] of [
          [[2], [1, 2]],
          [
            [2, 1],
            [1, 2],
          ],
          [
            [2, 1],
            [[1], [2]],
          ],
        ] as const) {
          const input = { name, datatype: 'FP64', shape, data };
          expect(rowsOf({ inputs: [input] }, one('float64')), JSON.stringify(input)).to.deep.equal([[1], [2]]);
        }
      }
    });

    it('reads one tensor for each feature, in any order', () => {
      const inputs = [
        column('s', 'BYTES', ['x', 'ü']),
        column('i', 'INT64', [[1], [-2]], [2, 1]),
        column('f', 'FP32', [0.5, null]),
        column('b', 'BOOL', [true, false], [2, 1]),
      ];
      const { rows, pointerOf } = decode({ inputs }, mixed).instances;
      expect(rows).to.deep.equal([
        [0.5, 1, true, 'x'],
        [null, -2, false, 'ü'],
      ]);
      expect([pointerOf(1), pointerOf(1, 0), pointerOf(1, 1), pointerOf(0, 3)]).to.deep.equal([
        '/inputs/2/data/1',
        '/inputs/2/data/1',
        '/inputs/1/data/1/0',
        '/inputs/0/data/0',
      ]);
    });

    it('returns pointers into the body that the client sent', () => {
      const flat = decode({ inputs: [tensor([...row, ...row], [2, 4])] }).instances;
      expect([flat.pointerOf(1), flat.pointerOf(1, 2)]).to.deep.equal(['/inputs/0/data/4', '/inputs/0/data/6']);
      const nested = decode({ inputs: [tensor([row, row], [2, 4])] }).instances;
      expect([nested.pointerOf(1), nested.pointerOf(1, 2)]).to.deep.equal(['/inputs/0/data/1', '/inputs/0/data/1/2']);
      const input = { ...tensor(undefined), parameters: { binary_data_size: 32 } };
      const binary = decodeBinary({ inputs: [input] }, float64(...row)).instances;
      expect([binary.pointerOf(0), binary.pointerOf(0, 2)]).to.deep.equal(['/inputs/0/data/0', '/inputs/0/data/2']);
    });

    it('reads the same rows from every layout', () => {
      const value = fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => number + 0);
      const matrix = fc.integer({ min: 1, max: 5 }).chain((width) => {
        return fc.array(fc.array(value, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 5 });
      });
      fc.assert(
        fc.property(matrix, (rows) => {
          const width = rows[0]?.length ?? 0;
          const columns = Array.from({ length: width }, (_, index) => `c${index}`);
          const manifest = floats(columns);
          const shape = [rows.length, width];
          const sized = (elements: number) => ({ parameters: { binary_data_size: elements * 8 }, data: undefined });
          const perColumn = columns.map((name, index) =>
            column(
              name,
              'FP64',
              rows.map((values) => values[index]),
            ),
          );
          const transposed = perColumn.flatMap(({ data }) => data as number[]);
          const read = [
            decode({ inputs: [tensor(rows.flat(), shape)] }, manifest),
            decode({ inputs: [tensor(rows, shape)] }, manifest),
            decode({ inputs: perColumn.toReversed() }, manifest),
            decodeBinary(
              { inputs: [{ ...tensor(0, shape), ...sized(rows.length * width) }] },
              float64(...rows.flat()),
              manifest,
            ),
            decodeBinary(
              { inputs: perColumn.map((input) => ({ ...input, ...sized(rows.length) })) },
              float64(...transposed),
              manifest,
            ),
          ];
          // JSON.stringify writes -0 as 0.
          for (const { instances } of read)
            expect(instances.rows.map((values) => (values as number[]).map((v) => v + 0))).to.deep.equal(rows);
        }),
      );
    });

    it('accepts the parameters that clients send, and null for those left out', () => {
      const sent = [
        // tritonclient
        { binary_data_output: true },
        { binary_data_output: true, priority: 1, timeout: 1000 },
        // MLServer, which writes null for what it leaves out
        { content_type: 'pd', headers: null },
        { content_type: 'np', headers: { 'ce-id': '1' } },
      ];
      for (const parameters of sent) {
        const inputs = [{ ...tensor(row), parameters: { content_type: 'np' } }];
        const outputs = [{ name: 'label', parameters: { content_type: 'str', binary_data: false } }];
        expect(decode({ inputs, outputs, parameters }).options.id).to.equal(undefined);
      }
      const nothing = { id: null, parameters: null, outputs: null, inputs: [{ ...tensor(row), parameters: null }] };
      expect(decode(nothing).options.outputs).to.have.length(2);
    });

    it('refuses another model or version, and names the one that is served', () => {
      const ask = (parameters: Record<string, string>) => () =>
        openInference.decode(
          { headers: {}, parameters, body: JSON.stringify({ inputs: [tensor(row)] }) },
          iris,
          defaultLimits,
        );
      expect(ask({ model: 'iris', version: '1.0.0' })().instances.rows).to.have.length(1);
      expect(refusal(ask({ model: 'wine' }))).to.include({
        status: 404,
        message: 'There is no model with this name. The model is called iris',
      });
      expect(refusal(ask({ model: 'iris', version: '2' }))).to.include({
        status: 404,
        message: 'This server does not have this version of iris, only 1.0.0',
      });
    });

    it('refuses too many rows before it reads them', () => {
      const input = { ...column('a', 'UINT8', [], [11]), data: undefined, parameters: { binary_data_size: 11 } };
      const run = () =>
        decodeBinary({ inputs: [input] }, Buffer.alloc(11), one('int64'), { ...defaultLimits, rows: 10 });
      expect(refusal(run)).to.include({ status: 413, message: 'Expected at most 10 rows, got 11' });
    });
  });

  describe('a document that cannot be read', () => {
    const inputs = [tensor(row)];
    const refusals: [string, unknown, string][] = [
      ['a document that is not an object', [], ': expected an object with inputs, got an array of 0'],
      ['no inputs', {}, '/inputs: expected an array of at least 1 tensor, got nothing'],
      ['empty inputs', { inputs: [] }, '/inputs: expected an array of at least 1 tensor, got an array of 0'],
      [
        'an input that is not an object',
        { inputs: [7] },
        '/inputs/0: expected an object with name, shape, datatype and data, got a number',
      ],
      [
        'a name that is not a string',
        { inputs: [tensor(row, [1, 4], { name: 7 })] },
        '/inputs/0/name: expected a string, got a number',
      ],
      [
        'an unknown datatype',
        { inputs: [tensor(row, [1, 4], { datatype: 'toString' })] },
        '/inputs/0/datatype: expected one of BOOL, UINT8, UINT16, UINT32, UINT64, INT8, INT16, INT32, INT64, FP16, FP32, FP64, BYTES, got a string',
      ],
      [
        'a shape that is not an array',
        { inputs: [tensor(row, undefined, { shape: 4 })] },
        '/inputs/0/shape: expected an array of 1 or 2 sizes, each a whole number from 0, got a number',
      ],
      [
        'an empty shape',
        { inputs: [tensor(row, [])] },
        '/inputs/0/shape: expected an array of 1 or 2 sizes, each a whole number from 0, got an array of 0',
      ],
      [
        'three dimensions',
        { inputs: [tensor(row, [1, 1, 4])] },
        '/inputs/0/shape: expected an array of 1 or 2 sizes, each a whole number from 0, got an array of 3',
      ],
      [
        'a negative size',
        { inputs: [tensor(row, [-1, 4])] },
        '/inputs/0/shape: expected an array of 1 or 2 sizes, each a whole number from 0',
      ],
      [
        'a size with a fraction',
        { inputs: [tensor(row, [0.5, 4])] },
        '/inputs/0/shape: expected an array of 1 or 2 sizes, each a whole number from 0',
      ],
      ['a wrong width', { inputs: [tensor(row, [2, 2])] }, '/inputs/0/shape: expected [rows, 4] or [4], got [2, 2]'],
      ['a wrong length', { inputs: [tensor(row, [3])] }, '/inputs/0/shape: expected [rows, 4] or [4], got [3]'],
      ['no rows', { inputs: [tensor([], [0, 4])] }, '/inputs/0/shape: expected at least 1 row'],
      [
        'no data',
        { inputs: [tensor(undefined)] },
        '/inputs/0/data: expected an array of 4, as the shape says, got nothing',
      ],
      [
        'fewer data than the shape says',
        { inputs: [tensor(row, [100_000, 4])] },
        '/inputs/0/data: expected an array of 400000, as the shape says, got an array of 4',
      ],
      [
        'fewer rows than the shape says',
        { inputs: [tensor([row], [2, 4])] },
        '/inputs/0/data: expected an array of 2, as the shape says, got an array of 1',
      ],
      [
        'a ragged row',
        { inputs: [tensor([row, [1]], [2, 4])] },
        '/inputs/0/data/1: expected an array of 4, as the shape says, got an array of 1',
      ],
      [
        'a row that is not an array',
        { inputs: [tensor([row, 1], [2, 4])] },
        '/inputs/0/data/1: expected an array of 4, as the shape says, got a number',
      ],
      [
        'parameters that are not an object',
        { inputs, parameters: [] },
        '/parameters: expected an object, got an array of 0',
      ],
      [
        'parameters of an input that are not an object',
        { inputs: [tensor(row, [1, 4], { parameters: 1 })] },
        '/inputs/0/parameters: expected an object, got a number',
      ],
      [
        'an input in shared memory',
        { inputs: [tensor(undefined, [1, 4], { parameters: { shared_memory_region: 'r' } })] },
        '/inputs/0/parameters/shared_memory_region: expected data in the body: this service shares no memory with its clients',
      ],
      [
        'binary data as well as data',
        { inputs: [tensor(row, [1, 4], { parameters: { binary_data_size: 32 } })] },
        '/inputs/0/parameters/binary_data_size: expected either binary_data_size or data, got both',
      ],
      [
        'binary data whose size is not a number',
        { inputs: [tensor(undefined, [1, 4], { parameters: { binary_data_size: '32' } })] },
        '/inputs/0/parameters/binary_data_size: expected a whole number of bytes from 0, got a string',
      ],
      [
        'binary data without the header',
        { inputs: [tensor(undefined, [1, 4], { parameters: { binary_data_size: 32 } })] },
        '/inputs/0/parameters/binary_data_size: expected at most 0, the number of bytes left after the JSON and the tensors before, got 32',
      ],
      [
        'a parameter that is unknown',
        { inputs, parameters: { colour: 'red' } },
        '/parameters/colour: expected no other parameter than binary_data_output, content_type, explanations, headers, priority, timeout',
      ],
      [
        'a parameter of an input that is unknown',
        { inputs: [tensor(row, [1, 4], { parameters: { scale: 2 } })] },
        '/inputs/0/parameters/scale: expected no other parameter than binary_data_size, content_type',
      ],
      [
        'a parameter of an output that is unknown',
        { inputs, outputs: [{ name: 'label', parameters: { top: 1 } }] },
        '/outputs/0/parameters/top: expected no other parameter than binary_data, content_type',
      ],
      [
        'a sequence',
        { inputs, parameters: { sequence_id: 7, sequence_start: true, sequence_end: false } },
        '/parameters/sequence_id: expected no sequence: each request is answered by itself',
      ],
      [
        'a codec of requests that is unknown',
        { inputs, parameters: { content_type: 'hg_json' } },
        '/parameters/content_type: expected one of np, pd, str, got a string',
      ],
      [
        'a codec of inputs that is unknown',
        { inputs: [tensor(row, [1, 4], { parameters: { content_type: 'hg_json' } })] },
        '/inputs/0/parameters/content_type: expected one of np, pd, str, base64, pd_json, datetime, got a string',
      ],
      [
        'a codec of texts for an input of numbers',
        { inputs: [tensor(row, [1, 4], { parameters: { content_type: 'base64' } })] },
        '/inputs/0/parameters/content_type: expected np or pd beside FP64',
      ],
      [
        'a codec of texts for an output of numbers',
        { inputs, outputs: [{ name: 'probabilities', parameters: { content_type: 'str' } }] },
        '/outputs/0/parameters/content_type: expected np or pd beside FP64',
      ],
      ['an id that is not a string', { inputs, id: 7 }, '/id: expected a string, got a number'],
      [
        'a flag that is not a boolean',
        { inputs, parameters: { binary_data_output: 1 } },
        '/parameters/binary_data_output: expected true or false, got a number',
      ],
      [
        'outputs that are not an array',
        { inputs, outputs: {} },
        '/outputs: expected an array of objects with a name, got an object',
      ],
      [
        'an output that is not an object',
        { inputs, outputs: ['label'] },
        '/outputs/0: expected an object with a name, got a string',
      ],
      [
        'an unknown output',
        { inputs, outputs: [{ name: 'label' }, { name: 'constructor' }] },
        '/outputs/1/name: expected one of label, probabilities, predict, predict_proba, got a string',
      ],
      [
        'a repeated output',
        { inputs, outputs: [{ name: 'label' }, { name: 'label' }] },
        '/outputs/1/name: expected each output once',
      ],
      [
        'an output as a classification',
        { inputs, outputs: [{ name: 'label', parameters: { classification: 2 } }] },
        '/outputs/0/parameters/classification: expected no classification of an output: ask for label or probabilities',
      ],
      [
        'an output in shared memory',
        { inputs, outputs: [{ name: 'label', parameters: { shared_memory_region: 'r', binary_data: false } }] },
        '/outputs/0/parameters/shared_memory_region: expected data in the body: this service shares no memory with its clients',
      ],
      [
        'an output whose flag is not a boolean',
        { inputs, outputs: [{ name: 'label', parameters: { binary_data: 'yes' } }] },
        '/outputs/0/parameters/binary_data: expected true or false, got a string',
      ],
    ];
    for (const [what, document, error] of refusals) {
      it(`is refused: ${what}`, () => {
        expect(errorsOf(() => decode(document))).to.deep.equal([error]);
        expect(refusal(() => decode(document)).status).to.equal(422);
      });
    }

    it('is refused with all columns that are unknown, repeated or missing', () => {
      const columns = ['f', 'x', 'f'].map((name) => column(name, 'FP64', [1]));
      expect(errorsOf(() => decode({ inputs: columns }, floats(['f', 'g'])))).to.deep.equal([
        '/inputs/1/name: the model has no feature "x"',
        '/inputs/2/name: the name occurs more than once',
        '/inputs: missing feature "g"',
      ]);
    });

    it('is refused without its names if most are not those of features, because they may be values', () => {
      const columns = ['f', 'secret'].map((name) => column(name, 'FP64', [1]));
      expect(errorsOf(() => decode({ inputs: columns }, floats(['f', 'g', 'h'])))).to.deep.equal([
        '/inputs/1/name: the model has no feature of this name',
        '/inputs: missing feature "g"',
        '/inputs: missing feature "h"',
      ]);
    });

    it('is refused if it has only one of several columns, which could be mistaken for a row', () => {
      const run = () => decode({ inputs: [column('f', 'FP64', [1, 2])] }, floats(['f', 'g']));
      expect(errorsOf(run)).to.deep.equal(['/inputs: missing feature "g"']);
    });

    it('is refused if columns differ in their number of rows, or are wider than one value', () => {
      const uneven = [column('f', 'FP64', [1, 2]), column('g', 'FP64', [1])];
      expect(errorsOf(() => decode({ inputs: uneven }, floats(['f', 'g'])))).to.deep.equal([
        '/inputs/1/shape: expected 2 rows like the first tensor, got 1',
      ]);
      const wide = [column('f', 'FP64', [1]), column('g', 'FP64', [1, 2], [1, 2])];
      expect(errorsOf(() => decode({ inputs: wide }, floats(['f', 'g'])))).to.deep.equal([
        '/inputs/1/shape: expected [rows, 1] or [rows], got [1, 2]',
      ]);
    });
  });

  describe('an element', () => {
    const range = (min: string, max: string) => `expected an integer between ${min} and ${max}`;
    const refusals: [string, unknown, string][] = [
      ['BOOL', 1, 'expected true or false, got a number'],
      ['BYTES', 1, 'expected a string, got a number'],
      ['FP64', '1', 'expected a number, got a string'],
      ['FP64', true, 'expected a number, got a boolean'],
      ['FP64', [1], 'expected a number, got an array of 1'],
      ['FP32', 3.5e38, "expected a finite number within float32's range"],
      ['FP16', -65520, "expected a finite number within float16's range"],
      ['INT8', '1', 'expected an integer, got a string'],
      ['INT8', 0.5, range('-128', '127')],
      ['INT8', 128, range('-128', '127')],
      ['INT8', -129, range('-128', '127')],
      ['UINT8', 256, range('0', '255')],
      ['UINT8', -1, range('0', '255')],
      ['INT16', 32768, range('-32768', '32767')],
      ['UINT16', 65536, range('0', '65535')],
      ['INT32', -2147483649, range('-2147483648', '2147483647')],
      ['UINT32', 4294967296, range('0', '4294967295')],
      ['INT64', 2 ** 53, range('-(2^53 - 1)', '2^53 - 1')],
      ['UINT64', -1, range('0', '2^53 - 1')],
      ['UINT64', 2 ** 53, range('0', '2^53 - 1')],
    ];
    for (const [datatype, value, detail] of refusals) {
      it(`of ${datatype} is refused: ${JSON.stringify(value)}`, () => {
        const input = column('a', datatype, [value]);
        expect(errorsOf(() => decode({ inputs: [input] }, one('float64')))).to.deep.equal([
          `/inputs/0/data/0: ${detail}`,
        ]);
      });
    }

    const taken: [string, unknown[]][] = [
      ['BOOL', [true, false, null]],
      ['BYTES', ['', 'ü', null]],
      ['FP64', [1.7976931348623157e308, null]],
      ['FP32', [3.4028234663852886e38, 5.1, null]],
      ['FP16', [65504, -65519, null]],
      ['INT8', [-128, 127, null]],
      ['UINT8', [0, 255]],
      ['INT16', [-32768, 32767]],
      ['UINT16', [65535]],
      ['INT32', [-2147483648, 2147483647]],
      ['UINT32', [4294967295]],
      ['INT64', [-(2 ** 53) + 1, 2 ** 53 - 1]],
      ['UINT64', [2 ** 53 - 1]],
    ];
    for (const [datatype, values] of taken) {
      it(`of ${datatype} is accepted: ${values}`, () => {
        expect(rowsOf({ inputs: [column('a', datatype, values)] }, one('float64')).flat()).to.deep.equal(values);
      });
    }

    it('for a feature of any type is read as missing if it is null and the feature may be missing', () => {
      const dtypes: [DType, string][] = [
        ['float64', 'FP64'],
        ['float32', 'FP16'],
        ['int64', 'INT64'],
        ['bool', 'BOOL'],
        ['string', 'BYTES'],
      ];
      for (const [dtype, datatype] of dtypes) {
        const inputs = [column('a', datatype, [null])];
        const feed = (nullable: boolean) => {
          const manifest = manifestOf([{ name: 'a', dtype, nullable }]);
          return toFeeds(decode({ inputs }, manifest).instances, manifest, defaultLimits).a?.data[0];
        };
        expect(feed(true), dtype).to.deep.equal(dtype === 'string' ? '' : Number.NaN);
        expect(
          errorsOf(() => feed(false)),
          dtype,
        ).to.match(/^\/inputs\/0\/data\/0: expected .*, got null$/);
      }
    });

    it('of a boolean feature may be 1 or 0, but no other number, in any numeric datatype', () => {
      const feed = (datatype: string, data: number[]) =>
        toFeeds(decode({ inputs: [column('a', datatype, data)] }, one('bool')).instances, one('bool'), defaultLimits);
      for (const datatype of ['UINT8', 'INT64', 'FP16', 'FP64']) {
        expect(feed(datatype, [1, 0]).a?.data).to.deep.equal(Float64Array.of(1, 0));
        expect(errorsOf(() => feed(datatype, [2]))).to.deep.equal([
          '/inputs/0/data/0: expected true or false, got a number',
        ]);
      }
      expect(rowsOf({ inputs: [column('a', 'FP64', [1, 0])] }, one('int64'))).to.deep.equal([[1], [0]]);
    });

    it('is refused if a double cannot hold it', () => {
      const body = '{"inputs":[{"name":"a","shape":[1],"datatype":"FP64","data":[1e999]}]}';
      expect(errorsOf(() => decodeBody(body, one('float64')))).to.deep.equal([
        "/inputs/0/data/0: expected a finite number within float64's range",
      ]);
    });

    it('is listed with all other elements that do not fit', () => {
      const run = () => decode({ inputs: [tensor([row, [1, '2', 3, false]], [2, 4])] });
      expect(errorsOf(run)).to.deep.equal([
        '/inputs/0/data/1/1: expected a number, got a string',
        '/inputs/0/data/1/3: expected a number, got a boolean',
      ]);
    });
  });

  describe('binary data', () => {
    it('is read in every datatype', () => {
      const view = (array: ArrayBufferView) => Buffer.from(array.buffer, array.byteOffset, array.byteLength);
      const cases: [string, Uint8Array, unknown[]][] = [
        ['BOOL', Buffer.of(0, 1), [false, true]],
        ['UINT8', Buffer.of(0, 255), [0, 255]],
        ['INT8', Buffer.of(0x80, 0x7f), [-128, 127]],
        ['UINT16', view(Uint16Array.of(1, 65535)), [1, 65535]],
        ['INT16', view(Int16Array.of(-32768, 258)), [-32768, 258]],
        ['UINT32', view(Uint32Array.of(1, 4294967295)), [1, 4294967295]],
        ['INT32', view(Int32Array.of(-2147483648, 16909060)), [-2147483648, 16909060]],
        ['UINT64', view(BigUint64Array.of(1n, 2n ** 53n - 1n)), [1, 2 ** 53 - 1]],
        ['INT64', view(BigInt64Array.of(-1n, 1n - 2n ** 53n)), [-1, 1 - 2 ** 53]],
        ['FP32', view(Float32Array.of(0.5, Number.NaN)), [0.5, Number.NaN]],
        ['FP64', view(Float64Array.of(0.1, Number.NaN)), [0.1, Number.NaN]],
        ['BYTES', bytesOf('', 'Blüte 🌸'), ['', 'Blüte 🌸']],
      ];
      for (const [datatype, tail, values] of cases) {
        expect(valuesOf(datatype, [2, 1], tail), datatype).to.deep.equal(values);
      }
    });

    it('is read as half-precision numbers, including subnormal ones and NaN', () => {
      const bits = Uint16Array.of(
        0x0000,
        0x8000,
        0x0001,
        0x83ff,
        0x0400,
        0x3c00,
        0xc000,
        0x3555,
        0x7bff,
        0x7e00,
        0xfc01,
      );
      const values = [
        0,
        -0,
        2 ** -24,
        -(2 ** -14 - 2 ** -24),
        2 ** -14,
        1,
        -2,
        0.333251953125,
        65504,
        Number.NaN,
        Number.NaN,
      ];
      expect(valuesOf('FP16', [bits.length], Buffer.from(bits.buffer))).to.deep.equal(values);
      expect(errorsOf(() => valuesOf('FP16', [1], Buffer.of(0x00, 0x7c)))).to.deep.equal([
        "/inputs/0/data/0: expected a finite number within float16's range",
      ]);
    });

    const refusals: [string, string, number, Uint8Array, string][] = [
      ['too few bytes', 'FP64', 2, Buffer.alloc(8), '/inputs/0: expected 16 bytes for its shape and datatype, got 8'],
      ['too many bytes', 'FP32', 1, Buffer.alloc(8), '/inputs/0: expected 4 bytes for its shape and datatype, got 8'],
      [
        'a byte that is not a boolean',
        'BOOL',
        1,
        Buffer.of(2),
        '/inputs/0/data/0: expected true or false, got a number',
      ],
      ['invalid UTF-8', 'BYTES', 1, Buffer.of(1, 0, 0, 0, 0xff), '/inputs/0: expected strings in UTF-8'],
      [
        'an infinite number',
        'FP32',
        1,
        Buffer.of(0, 0, 0x80, 0x7f),
        "/inputs/0/data/0: expected a finite number within float32's range",
      ],
      [
        'an integer that a double cannot hold',
        'INT64',
        1,
        Buffer.of(1, 0, 0, 0, 0, 0, 0x20, 0),
        '/inputs/0/data/0: expected an integer between -(2^53 - 1) and 2^53 - 1',
      ],
    ];
    for (const [what, datatype, rows, tail, error] of refusals) {
      it(`is refused: ${what}`, () => {
        expect(errorsOf(() => valuesOf(datatype, [rows], tail))).to.deep.equal([error]);
      });
    }

    it('is refused if its strings do not end where it ends', () => {
      const whole = bytesOf('ab', 'c');
      const tails = [
        whole.subarray(0, -1),
        Buffer.concat([whole, Buffer.of(0)]),
        bytesOf('ab'),
        bytesOf('a', 'b', 'c'),
        Buffer.of(1),
      ];
      for (const tail of tails) {
        expect(errorsOf(() => valuesOf('BYTES', [2], tail))).to.deep.equal([
          '/inputs/0: expected 2 strings, each its length in 4 bytes and as many bytes, and nothing after them',
        ]);
      }
    });

    it('keeps the byte order mark of a string, and refuses a string that is too long', () => {
      expect(valuesOf('BYTES', [1], bytesOf('\uFEFFa'))).to.deep.equal(['\uFEFFa']);
      expect(errorsOf(() => valuesOf('BYTES', [1], bytesOf('x'.repeat(10_001))))).to.deep.equal([
        '/inputs/0: expected strings of at most 10000 characters, got one of 10001',
      ]);
    });

    it('may be mixed with tensors in JSON, and is in the order of the inputs', () => {
      const sized = (name: string, datatype: string, size: number) => {
        return { name, datatype, shape: [1], parameters: { binary_data_size: size } };
      };
      const inputs = [sized('s', 'BYTES', 6), column('i', 'INT64', [7]), sized('f', 'FP32', 4), sized('b', 'BOOL', 1)];
      const tail = Buffer.concat([bytesOf('ü'), Buffer.of(0, 0, 0, 0x3f), Buffer.of(1)]);
      expect(decodeBinary({ inputs }, tail, mixed).instances.rows).to.deep.equal([[0.5, 7, true, 'ü']]);
    });

    it('is refused if bytes are left over or missing', () => {
      const input = tensor(undefined, [1, 4], { parameters: { binary_data_size: 32 } });
      expect(errorsOf(() => decodeBinary({ inputs: [input] }, Buffer.alloc(33)))).to.deep.equal([
        ": expected the body to end with the tensors' bytes, got 1 more",
      ]);
      expect(errorsOf(() => decodeBinary({ inputs: [input] }, Buffer.alloc(31)))).to.deep.equal([
        '/inputs/0/parameters/binary_data_size: expected at most 31, the number of bytes left after the JSON and the tensors before, got 32',
      ]);
    });

    it('is refused if the header is not a number of bytes within the body', () => {
      const body = JSON.stringify({ inputs: [tensor(row)] });
      const run = (length: string) => decodeBody(body, iris, { 'inference-header-content-length': length });
      expect(run(String(body.length)).instances.rows).to.deep.equal([row]);
      for (const length of ['', '-1', '1e1', ' 5', 'x', String(body.length + 1), '9'.repeat(400)]) {
        expect(refusal(() => run(length))).to.include({
          status: 400,
          message: `Expected the header inference-header-content-length to be a number of bytes within the body, which has ${body.length}`,
        });
      }
    });
  });

  describe('encode', () => {
    const probabilities = { setosa: 0.5, versicolor: 0.25, virginica: 0.25 };
    const records = [
      { label: 'setosa', probabilities },
      { label: 'virginica', probabilities },
    ];
    const predictions = fromRecords(records, iris);
    const answer = (others: object, manifest = iris, of: readonly Prediction[] = records) => {
      const { options } = decode({ inputs: [tensor(row)], ...others }, manifest);
      return openInference.encode(fromRecords(of, manifest), manifest, options);
    };
    const label = { name: 'label', datatype: 'BYTES', shape: [2], data: ['setosa', 'virginica'] };
    const scores = { name: 'probabilities', datatype: 'FP64', shape: [2, 3], data: [0.5, 0.25, 0.25, 0.5, 0.25, 0.25] };

    it('answers all outputs as JSON by default', () => {
      const expected = { model_name: 'iris', model_version: '1.0.0', outputs: [label, scores] };
      for (const content of [openInference.encode(predictions, iris, undefined), answer({}), answer({ outputs: [] })]) {
        expect(content.headers).to.deep.equal({ 'content-type': 'application/json' });
        expect(JSON.parse(content.body as string)).to.deep.equal(expected);
      }
    });

    it('answers the id, and the outputs in the requested order and under the requested names', () => {
      const outputs = [{ name: 'predict_proba' }, { name: 'label' }, { name: 'predict' }];
      const document = JSON.parse(answer({ id: 'a"1', outputs }).body as string);
      expect(document.id).to.equal('a"1');
      expect(document.outputs).to.deep.equal([
        { ...scores, name: 'predict_proba' },
        label,
        { ...label, name: 'predict' },
      ]);
    });

    it('answers the values of a regressor', () => {
      const regressor = regressorManifest();
      const outputs = [{ name: 'value' }, { name: 'predict' }];
      const document = JSON.parse(answer({ outputs }, regressor, [{ value: 1.5 }]).body as string);
      const value = { datatype: 'FP64', shape: [1], data: [1.5] };
      expect(document.outputs).to.deep.equal([
        { name: 'value', ...value },
        { name: 'predict', ...value },
      ]);
      expect(errorsOf(() => answer({ outputs: [{ name: 'predict_proba' }] }, regressor))).to.deep.equal([
        '/outputs/0/name: expected one of value, predict, got a string',
      ]);
    });

    it('answers binary data with the same values as JSON', () => {
      const labels = fc
        .array(fc.string({ unit: 'grapheme' }), { minLength: 2, maxLength: 4 })
        .filter((classes) => new Set(classes).size === classes.length);
      const sample = labels.chain((classes) =>
        fc.record({
          classes: fc.constant(classes),
          of: fc.array(
            fc.record({
              label: fc.constantFrom(...classes),
              scores: fc.array(fc.double({ noNaN: true }), { minLength: classes.length, maxLength: classes.length }),
            }),
            { minLength: 1 },
          ),
        }),
      );
      fc.assert(
        fc.property(sample, ({ classes, of }) => {
          const manifest = { ...parseManifest(readManifest()), classes } as Manifest;
          const all = of.map((entry) => ({
            label: entry.label,
            probabilities: Object.fromEntries(classes.map((name, index) => [name, entry.scores[index] ?? 0])),
          }));
          const { headers, body } = answer({ id: 'ü', parameters: { binary_data_output: true } }, manifest, all);
          expect(headers['content-type']).to.equal('application/octet-stream');
          const bytes = Buffer.from(body as Uint8Array);
          const end = Number(headers['inference-header-content-length']);
          const document = JSON.parse(bytes.subarray(0, end).toString());
          expect(document.id).to.equal('ü');
          const [first, second] = document.outputs;
          expect(first).to.not.have.property('data');
          const middle = end + first.parameters.binary_data_size;
          expect(bytes.length).to.equal(middle + second.parameters.binary_data_size);
          expect(bytes.subarray(end, middle)).to.deep.equal(bytesOf(...all.map((entry) => entry.label)));
          expect(bytes.subarray(middle)).to.deep.equal(float64(...of.flatMap((entry) => entry.scores)));
        }),
      );
    });

    it('answers each output in the requested form', () => {
      const outputs = [{ name: 'label' }, { name: 'probabilities', parameters: { binary_data: true } }];
      const swapped = [{ name: 'label', parameters: { binary_data: false } }, { name: 'probabilities' }];
      const { data: _data, ...description } = scores;
      for (const asked of [{ outputs }, { outputs: swapped, parameters: { binary_data_output: true } }]) {
        const { headers, body } = answer(asked);
        const end = Number(headers['inference-header-content-length']);
        const document = JSON.parse(Buffer.from(body).subarray(0, end).toString());
        expect(document.outputs).to.deep.equal([label, { ...description, parameters: { binary_data_size: 48 } }]);
      }
    });
  });

  describe('an error', () => {
    it('is one string with the first problems', () => {
      const errors = Array.from({ length: 11 }, (_, index) => ({
        pointer: index ? `/${index}` : '',
        detail: 'expected x',
      }));
      const error = new RequestError('InvalidInput', 'No', { errors, headers: { accept: 'a/b' } });
      const { status, headers, body } = encodeOpenInferenceError(error, 'id');
      expect(status).to.equal(422);
      expect(headers).to.deep.equal({ accept: 'a/b', 'content-type': 'application/json' });
      const document = JSON.parse(body as string);
      expect(Object.keys(document)).to.deep.equal(['error']);
      expect(document.error).to.match(/^No; the body: expected x; \/1: expected x; .*\/9: expected x; and 1 more$/);
    });

    it('is a client error for any bytes and headers that cannot be read', () => {
      const header = fc.oneof(fc.constant(undefined), fc.nat(200).map(String), fc.string());
      const datatype = fc.constantFrom('BOOL', 'UINT8', 'INT64', 'UINT64', 'FP16', 'FP32', 'FP64', 'BYTES', 'x', null);
      const size = fc.oneof(fc.nat(5), fc.constantFrom(-1, 1e9, 2 ** 53, 0.5, '1', null));
      const input = fc.record(
        {
          name: fc.oneof(fc.constantFrom('f', 'i', 'b', 's', 'X'), fc.jsonValue()),
          datatype,
          shape: fc.oneof(fc.array(size, { maxLength: 3 }), fc.jsonValue()),
          data: fc.oneof(
            fc.array(fc.oneof(fc.integer(), fc.array(fc.integer()), fc.string()), { maxLength: 8 }),
            fc.jsonValue(),
          ),
          parameters: fc.oneof(fc.record({ binary_data_size: size }), fc.jsonValue()),
        },
        { requiredKeys: ['name', 'datatype', 'shape'] },
      );
      const document = fc.record(
        {
          id: fc.jsonValue(),
          inputs: fc.oneof(fc.array(input, { maxLength: 5 }), fc.jsonValue()),
          outputs: fc.oneof(
            fc.array(fc.record({ name: fc.constantFrom('label', 'x', 1), parameters: fc.jsonValue() })),
            fc.jsonValue(),
          ),
          parameters: fc.jsonValue(),
        },
        { requiredKeys: [] },
      );
      const body = fc.oneof(
        fc.uint8Array().map((bytes) => Buffer.from(bytes)),
        fc
          .tuple(document, fc.uint8Array())
          .map(([json, tail]) => Buffer.concat([Buffer.from(JSON.stringify(json)), tail])),
      );
      const exact = fc.tuple(document, fc.uint8Array({ maxLength: 64 })).map(([json, tail]) => {
        const head = Buffer.from(JSON.stringify(json));
        return [Buffer.concat([head, tail]), String(head.length)] as const;
      });
      fc.assert(
        fc.property(fc.oneof(fc.tuple(body, header), exact), ([bytes, length]) => {
          const headers = length === undefined ? {} : { 'inference-header-content-length': length };
          const thrown = thrownBy(() => {
            const { instances, options } = decodeBody(bytes, mixed, headers);
            expect(instances.pointerOf(0, 0)).to.match(/^\/inputs\/\d/);
            openInference.encode(fromRecords([], mixed), mixed, options);
          });
          if (thrown instanceof RequestError) expect(thrown.status).to.be.lessThan(500);
          else expect(thrown).to.equal(undefined);
        }),
        runs(1000),
      );
    });
  });

  describe('the documents', () => {
    const read = (content: { body: Body }) => JSON.parse(content.body as string);
    it('say that the server and the model are ready', () => {
      expect(read(toServerMetadata())).to.deep.equal({
        name: 'sepal',
        version: '1',
        extensions: ['binary_tensor_data'],
      });
      expect([read(toLive()), read(toReady())]).to.deep.equal([{ live: true }, { ready: true }]);
      expect(read(toModelReady(iris, { model: 'iris' }))).to.deep.equal({ name: 'iris', ready: true });
    });

    it('describe the tensors of the model', () => {
      expect(read(toModelMetadata(iris, { model: 'iris', version: '1.0.0' }))).to.deep.equal({
        name: 'iris',
        versions: ['1.0.0'],
        platform: 'onnx_onnxv1',
        inputs: [{ name: 'X', datatype: 'FP64', shape: [-1, 4] }],
        outputs: [
          { name: 'label', datatype: 'BYTES', shape: [-1] },
          { name: 'probabilities', datatype: 'FP64', shape: [-1, 3] },
        ],
      });
      expect(read(toModelMetadata(mixed, { model: 'iris' })).inputs).to.deep.equal([
        { name: 'f', datatype: 'FP64', shape: [-1, 1] },
        { name: 'i', datatype: 'INT64', shape: [-1, 1] },
        { name: 'b', datatype: 'BOOL', shape: [-1, 1] },
        { name: 's', datatype: 'BYTES', shape: [-1, 1] },
      ]);
      expect(read(toModelMetadata(one('float32'), { model: 'iris' })).inputs).to.deep.equal([
        { name: 'a', datatype: 'FP32', shape: [-1, 1] },
      ]);
      expect(read(toModelMetadata(regressorManifest(), { model: 'iris' })).outputs).to.deep.equal([
        { name: 'value', datatype: 'FP64', shape: [-1] },
      ]);
    });

    it('exist only for the served model and version', () => {
      for (const document of [toModelReady, toModelMetadata]) {
        expect(refusal(() => document(iris, { model: 'wine' })).status).to.equal(404);
        expect(refusal(() => document(iris, { model: 'iris', version: '1' })).status).to.equal(404);
      }
    });
  });
});
