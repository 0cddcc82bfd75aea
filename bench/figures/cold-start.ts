import { milliseconds } from '../report/units.ts';
import type { Results } from '../results.ts';
import { type Figure, post, python, timesAsMuch, timesFaster } from './figure.ts';

export function coldStartFigures({ coldStarts }: Results): Figure[] {
  return coldStarts.flatMap(({ megabytes: memory, starts }) => {
    const named = { group: 'Cold start', what: `cold start, ${memory.toLocaleString('en')} MB` };
    const times = (system: keyof typeof starts) => starts[system].map(({ answer }) => answer);
    const against = (system: keyof typeof starts) => ({
      ours: times('sepal'),
      theirs: times(system),
      unit: milliseconds,
    });
    return [
      timesFaster({ ...named, against: post, target: 8 }, against('python-sklearn')),
      timesFaster({ ...named, against: python, target: memory === 1769 ? 2 : 1.8 }, against('python-onnx')),
      timesAsMuch(
        { ...named, against: 'a Node.js handler that does nothing', target: memory === 1769 ? 1.9 : 2.3 },
        against('nothing-handler'),
      ),
    ];
  });
}
