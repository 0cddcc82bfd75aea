import { readdirSync } from 'node:fs';
import { expect } from 'chai';
import { handler } from '../../functions/predict/app.ts';
import { createContext } from '../../local/context.ts';
import { expectedAnswers, summarize } from '../helpers/event-answers.ts';
import { readEvent } from '../helpers/files.ts';
import { captureOutput } from '../helpers/output.ts';

describe('events/', () => {
  it('has an expected answer for every file', () => {
    const names = readdirSync('events').map((file) => file.replace('.json', ''));
    expect(names.sort()).to.deep.equal(Object.keys(expectedAnswers).sort());
  });

  for (const [name, expected] of Object.entries(expectedAnswers)) {
    it(`answers ${name}`, async () => {
      const { result } = await captureOutput(() => handler(readEvent(name), createContext('request-1')));
      expect(summarize(result)).to.deep.equal(expected);
    });
  }
});
