import { readdirSync } from 'node:fs';
import { expect } from 'chai';
import { loadModel } from '../../functions/core/model/load.ts';
import { createContext } from '../../local/context.ts';
import { expectedAnswers, summarize, toFailure } from '../helpers/event-answers.ts';
import { readEvent } from '../helpers/files.ts';
import { captureOutput } from '../helpers/output.ts';
import { createService } from '../helpers/service.ts';

describe('events/', () => {
  it('has an expected answer for every file', () => {
    const files = readdirSync('events', { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.json'));
    const expected = Object.values(expectedAnswers).flatMap((answers) => Object.keys(answers));
    expect(files.map((file) => file.replace('.json', '')).sort()).to.deep.equal(expected.sort());
  });

  for (const [package_, answers] of Object.entries(expectedAnswers)) {
    for (const [name, expected] of Object.entries(answers)) {
      it(`answers ${name}`, async () => {
        const handler = createService(await loadModel('models', package_));
        const invoke = () => handler(readEvent(name), createContext('request-1')).catch(toFailure);
        const { result } = await captureOutput(invoke);
        expect(summarize(result)).to.deep.equal(expected);
      });
    }
  }
});
