import { mebibytes, megabytes } from '../report/units.ts';
import type { Results } from '../results.ts';
import { type Figure, post, python, timesAsMuch } from './figure.ts';

/** A size near its limit needs a decimal to differ from it. */
const tenths = (value: number) => `${value.toFixed(1)} MB`;

export function sizeFigures({ sizes, emulated: { resident } }: Results): Figure[] {
  const image = { group: 'Size', what: 'size added to the base image' };
  const size = (system: keyof typeof sizes) => [sizes[system].uncompressed];
  const compressed = (system: keyof typeof sizes) => [sizes[system].compressed];
  const memory = { group: 'Size', what: "resident memory after the emulator's requests of one row" };
  const ours = { ours: size('sepal'), unit: megabytes };
  return [
    timesAsMuch({ ...image, against: 'its limit of 48 MB', target: 1 }, { ...ours, unit: tenths, theirs: [48] }),
    timesAsMuch({ ...image, against: post }, { ...ours, theirs: size('python-sklearn') }),
    timesAsMuch({ ...image, against: python }, { ...ours, theirs: size('python-onnx') }),
    timesAsMuch(
      { ...image, what: 'size added to the base image, compressed', against: post },
      { ours: compressed('sepal'), theirs: compressed('python-sklearn'), unit: megabytes },
    ),
    timesAsMuch(
      { ...memory, against: post, target: 0.6 },
      { ours: [resident.sepal], theirs: [resident['python-sklearn']], unit: mebibytes },
    ),
  ];
}
