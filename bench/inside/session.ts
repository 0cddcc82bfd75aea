import { readFile } from 'node:fs/promises';
import { env, InferenceSession, Tensor } from 'onnxruntime-node';
import { report, time } from './rounds.ts';

/** Measures the lower bound: `session.run` alone, with a tensor that already exists: node session.mjs requests */
const [, , requests = ''] = process.argv;
env.logLevel = 'error';
const session = await InferenceSession.create(await readFile('models/iris/model.onnx'), {
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  graphOptimizationLevel: 'basic',
});
const [input = ''] = session.inputNames;
const feeds = { [input]: new Tensor('float64', Float64Array.of(5.1, 3.5, 1.4, 0.2), [1, 4]) };

report({ times: await time(Number(requests), () => session.run(feeds)) });
