import { milliseconds } from '../report/units.ts';
import type { Results } from '../results.ts';
import { type Figure, post, python, timesAsMuch, timesFaster } from './figure.ts';

export function warmFigures({ warm, emulated }: Results): Figure[] {
  const warmMedian = 'one row in a running process, median';
  const inProcess = (quantile: 'p50' | 'p99', name: keyof typeof warm.times) => {
    return { ours: warm.times.sepal[quantile], theirs: warm.times[name][quantile], unit: milliseconds };
  };
  const through = (name: keyof typeof emulated.times) => {
    return { ours: emulated.times.sepal, theirs: emulated.times[name], unit: milliseconds };
  };
  const named = (what: string, against: string) => ({ group: 'One row, warm', what, against });
  return [
    timesAsMuch({ ...named(warmMedian, '`session.run` alone'), target: 2 }, inProcess('p50', 'session.run')),
    timesFaster(named(warmMedian, post), inProcess('p50', 'python-sklearn')),
    timesFaster(
      { ...named('one row in a running process, 99th percentile', post), isTail: true },
      inProcess('p99', 'python-sklearn'),
    ),
    timesFaster(named(warmMedian, python), inProcess('p50', 'python-onnx')),
    timesFaster(named('one row through the emulator', post), through('python-sklearn')),
    timesAsMuch(
      named('one row through the emulator', 'a Node.js handler that does nothing'),
      through('nothing-handler'),
    ),
  ];
}
