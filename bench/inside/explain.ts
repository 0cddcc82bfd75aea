import { start } from '../../functions/predict/start/start.ts';
import { createContext } from './context.ts';
import { report } from './rounds.ts';

/** Measures POST /explain for one row in this process: node explain.mjs folder requests */
const [, , folder = '', requests = ''] = process.argv;
const { handler, model } = await start(folder);
const [example] = model.manifest.examples;
const http = { method: 'POST', path: '/explain', protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: 'bench' };
const event = {
  version: '2.0',
  rawPath: '/explain',
  rawQueryString: '',
  headers: { 'content-type': 'application/json' },
  requestContext: { http, stage: '$default' },
  body: JSON.stringify(example?.instances),
  isBase64Encoded: false,
};

const times: number[] = [];
let answer: unknown;
// As many warm-up calls come first, so that V8 has compiled the code.
for (let request = -Number(requests); request < Number(requests); request += 1) {
  const started = performance.now();
  answer = await handler(event, createContext(Math.abs(request)));
  if (request >= 0) times.push(performance.now() - started);
}
const { statusCode, body } = answer as { statusCode: number; body: string };
if (statusCode !== 200) throw new Error(`${statusCode}: ${body}`);
const { method, explanations } = JSON.parse(body);
report({ times, method, contributions: explanations[0].contributions });
