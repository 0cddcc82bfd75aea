import { expect } from 'chai';
import { loadModel, openModel } from '../../functions/core/model/load.ts';
import { type Manifest, parseManifest } from '../../functions/core/model/manifest.ts';
import { createSession } from '../../functions/core/model/onnx.ts';
import { ModelPackageError, readPackage } from '../../functions/core/model/package.ts';
import type { Prediction } from '../../functions/core/model/prediction.ts';
import { replay } from '../../functions/core/model/replay.ts';
import { regressorManifest } from '../helpers/manifest.ts';

/** A member of a message in protobuf: a number below 128, a text or another message. */
function member(position: number, value: number | string | Buffer): Buffer {
  if (typeof value === 'number') return Buffer.from([position * 8, value]);
  const bytes = Buffer.from(value as string);
  return Buffer.concat([Buffer.from([position * 8 + 2, bytes.length]), bytes]);
}
const message = (...members: Buffer[]) => Buffer.concat(members);

/** The type of a tensor [rows, 1] in ONNX, for the number of a type in TensorProto.DataType. */
const tensorOf = (type: number) => {
  const shape = message(member(1, message(member(2, 'N'))), member(1, message(member(1, 1))));
  return message(member(1, message(member(1, type), member(2, shape))));
};
const sequenceOf = (type: number) => message(member(4, message(member(1, tensorOf(type)))));
const named = (name: string, type: Buffer) => message(member(1, name), member(2, type));

/** An ONNX model whose output Y is its input X. */
function identity(type: number, operator = 'Identity', output = tensorOf(type)): Buffer {
  const node = message(member(1, 'X'), member(2, 'Y'), member(4, operator));
  const ends = [member(11, named('X', tensorOf(type))), member(12, named('Y', output))];
  const graph = message(member(1, node), member(2, 'g'), ...ends);
  return message(member(1, 9), member(7, graph), member(8, message(member(2, 18))));
}

describe('createSession', () => {
  /** In the order of TensorProto.DataType, from 1 on. */
  const dtypes = [
    ...['float32', 'uint8', 'int8', 'uint16', 'int16', 'int32', 'int64', 'string', 'bool', 'float16', 'float64'],
    ...['uint32', 'uint64'],
  ];
  for (const [index, dtype] of dtypes.entries()) {
    it(`describes inputs and outputs of ${dtype}`, async () => {
      const { inputs, outputs } = await createSession(identity(index + 1));
      expect(inputs).to.deep.equal([{ name: 'X', dtype, shape: [null, 1] }]);
      expect(outputs).to.deep.equal([{ name: 'Y', dtype, shape: [null, 1] }]);
    });
  }

  it('describes inputs of a type that tables do not have by its number', async () => {
    const bfloat16 = 16;
    const { inputs } = await createSession(identity(bfloat16));
    expect(inputs).to.deep.equal([{ name: 'X', dtype: 'type 16', shape: [null, 1] }]);
  });

  it('describes an output that is no tensor', async () => {
    const { outputs } = await createSession(identity(1, 'SequenceConstruct', sequenceOf(1)));
    expect(outputs).to.deep.equal([{ name: 'Y', dtype: 'no tensor', shape: [] }]);
  });

  it('runs a model that lies within a larger buffer', async () => {
    const model = identity(11);
    const { run } = await createSession(Buffer.concat([Buffer.alloc(7), model, Buffer.alloc(9)]).subarray(7, -9));
    const X = { dtype: 'float64', dims: [3, 1], data: Float64Array.of(1, -2, 0.1) } as const;
    expect(await run({ X })).to.deep.equal({ Y: X });
  });

  it('changes the feeds first if it is asked to', async () => {
    const { run } = await createSession(identity(11), (inner) => (feeds) => inner({ X: feeds.T as typeof X }));
    const X = { dtype: 'float64', dims: [2, 1], data: Float64Array.of(1, 2) } as const;
    expect(await run({ T: X })).to.deep.equal({ Y: X });
  });
});

/** A manifest for the model `identity`, which answers its only feature, with these examples. */
function manifestWith(
  examples: readonly [rows: readonly unknown[], values: readonly number[]][],
  parity: object | null,
) {
  const {
    features: [feature],
    ...manifest
  } = regressorManifest();
  return parseManifest({
    ...manifest,
    inputs: [{ name: 'X', dtype: 'float32', shape: [null, 1] }],
    features: [{ ...feature, dtype: 'float32' }],
    outputs: { value: 'Y' },
    examples: examples.map(([rows, values]) => ({
      instances: rows.map((value) => [value]),
      predictions: values.map((value) => ({ value })),
    })),
    parity: parity && { ...manifest.parity, ...parity },
  });
}

/** The error with which a model is refused; undefined if it is opened. */
async function refusalOf(manifest: Manifest, model: Uint8Array = identity(1)): Promise<Error | undefined> {
  return openModel('package', { manifest, modelFile: 'package/model.onnx', model }).then(
    () => undefined,
    (error: Error) => error,
  );
}
const messageOf = async (manifest: Manifest, model?: Uint8Array) => (await refusalOf(manifest, model))?.message;

describe('openModel', () => {
  const packages = [
    ...['answers/clusters', 'answers/labels', 'answers/mixture', 'answers/outliers', 'answers/score', 'answers/scores'],
    ...['answers/targets', 'answers/values', 'classes/booleans', 'classes/fractions', 'texts/tickets', 'times'],
  ];
  for (const name of packages) {
    it(`opens the package ${name}`, async () => {
      const content = readPackage(`test/fixtures/${name}`);
      expect((await openModel('package', content)).manifest).to.equal(content.manifest);
    });
  }

  it('loads a package by its name, with its background', async () => {
    const { manifest, readBackground } = await loadModel('models', 'iris');
    expect(manifest.name).to.equal('iris');
    expect(readBackground?.()).to.have.property('instances').that.has.length(100);
  });

  it('refuses a file that is not an ONNX model, with the cause', async () => {
    const error = await refusalOf(manifestWith([[[1], [1]]], null), Buffer.from('x'));
    expect(error).to.be.an.instanceOf(ModelPackageError);
    expect(error?.message).to.match(/^package\/model\.onnx: cannot be loaded: /);
    expect(error?.cause).to.be.an.instanceOf(Error);
  });

  it('refuses an example that cannot be answered, with its place and the cause', async () => {
    const examples: Parameters<typeof manifestWith>[0] = [
      [[1], [1]],
      [
        [1, null],
        [1, 2],
      ],
    ];
    const error = await refusalOf(manifestWith(examples, null));
    expect(error).to.be.an.instanceOf(ModelPackageError);
    expect(error?.message).to.match(
      /^package\/model\.json: an example has no answer: .*\/examples\/1\/instances\/1\/0: expected a number, got null/,
    );
    expect(error?.cause).to.be.an.instanceOf(Error);
  });

  it('says what inputs and outputs the model has', async () => {
    const manifest = manifestWith([[[1], [1]]], null);
    expect(await messageOf(manifest, identity(11))).to.equal(
      'package/model.onnx: inputs: has X float64[N, 1], but model.json says X float32[N, 1]',
    );
    expect(await messageOf(manifest, identity(1, 'SequenceConstruct', sequenceOf(1)))).to.equal(
      'package/model.onnx: output Y: has Y no tensor[], but model.json says Y float32[N, 1] or Y float64[N, 1]',
    );
    expect(await messageOf({ ...manifest, outputs: { value: 'Z' } } as Manifest)).to.equal(
      'package/model.onnx: output Z: has no such output, but model.json says Z float32[N, 1] or Z float64[N, 1]',
    );
    const { manifest: times, ...content } = readPackage('test/fixtures/times');
    const inputs = times.inputs.toReversed();
    const error = await openModel('package', { ...content, manifest: { ...times, inputs } as Manifest }).catch(
      (thrown: Error) => thrown,
    );
    const describe = (all: typeof inputs) => all.map(({ name, dtype }) => `${name} ${dtype}[N, 1]`).join(', ');
    expect(error)
      .to.have.property('message')
      .that.includes(`inputs: has ${describe(times.inputs)}, but model.json says ${inputs[0]?.name}`);
  });

  it('lets answers differ by the tolerance times the scale, or times a larger value', async () => {
    const parity = { tolerance: 1e-3, scale: 2, largest_error: 0 };
    const differs = (value: number) => messageOf(manifestWith([[[1], [value]]], parity));
    expect(await differs(1.0019)).to.equal(undefined);
    expect(await differs(0.9981)).to.equal(undefined);
    expect(await differs(1.0021)).to.equal(
      'package/model.json: examples.0: the model answers {"value":1}, but model.json says {"value":1.0021}',
    );
    const ofLarge = (value: number) => messageOf(manifestWith([[[-1000], [value]]], parity));
    expect(await ofLarge(-1000.9)).to.equal(undefined);
    expect(await ofLarge(-1001.1)).to.match(/examples\.0: the model answers/);
    const exact = { tolerance: 0, scale: 1, largest_error: 0 };
    expect(await messageOf(manifestWith([[[0.5], [0.5]]], exact))).to.equal(undefined);
    expect(await messageOf(manifestWith([[[0.1], [0.1]]], exact))).to.match(/examples\.0: the model answers/);
  });

  it('lets answers differ by 0.0001 if the model was not compared with an original', async () => {
    const differs = (value: number) => messageOf(manifestWith([[[1], [value]]], null));
    expect(await differs(1.00009)).to.equal(undefined);
    expect(await differs(1.00011)).to.match(/examples\.0: the model answers/);
  });

  it('names the example of the first wrong answer', async () => {
    const examples: Parameters<typeof manifestWith>[0] = [
      [
        [1, 2],
        [1, 2],
      ],
      [
        [3, 4],
        [3, 5],
      ],
      [[6], [7]],
    ];
    expect(await messageOf(manifestWith(examples, null))).to.equal(
      'package/model.json: examples.1: the model answers {"value":4}, but model.json says {"value":5}',
    );
  });
});

describe('replay', () => {
  it('returns each row with a wrong answer once, with that answer', async () => {
    const manifest = manifestWith([[[1], [1]]], null);
    const { run } = await createSession(identity(1));
    const instances = [[1], [2], [3]];
    const predictions = [{ value: 1 }, { value: 7 }, { value: 8 }];
    const precision = { tolerance: 1e-9, scale: 1 };
    expect(await replay({ instances, predictions }, () => '', { manifest, run }, precision)).to.deep.equal([
      { row: 1, answer: { value: 2 } },
      { row: 2, answer: { value: 3 } },
    ]);
  });

  it('compares every label and every number of a row', async () => {
    const model = await loadModel('models', 'iris');
    const [example] = model.manifest.examples as [{ instances: unknown[][]; predictions: [Prediction] }];
    const [answer] = example.predictions;
    const { probabilities } = answer as { probabilities: Record<string, number> };
    const answered = (changes: object) => ({ ...example, predictions: [{ ...answer, ...changes } as Prediction] });
    const wrong = async (changes: object) =>
      (await replay(answered(changes), () => '', model, { tolerance: 1e-6, scale: 1 })).map(({ row }) => row);
    expect(await wrong({})).to.deep.equal([]);
    expect(await wrong({ label: 'virginica' })).to.deep.equal([0]);
    for (const name of Object.keys(probabilities)) {
      expect(await wrong({ probabilities: { ...probabilities, [name]: 0.5 } }), name).to.deep.equal([0]);
    }
  });

  it('points at the row of a value that no request may have', async () => {
    const manifest = manifestWith([[[1], [1]]], null);
    const { run } = await createSession(identity(1));
    const pointers: unknown[] = [];
    const answered = { instances: [[1], ['x']], predictions: [{ value: 1 }, { value: 1 }] };
    const pointerOf = (row: number) => {
      pointers.push(row);
      return `/${row}`;
    };
    const error = await replay(answered, pointerOf, { manifest, run }, { tolerance: 1, scale: 1 }).catch(
      (thrown: Error) => thrown,
    );
    expect(error).to.have.property('name', 'InvalidInput');
    expect(new Set(pointers)).to.deep.equal(new Set([1]));
  });
});
