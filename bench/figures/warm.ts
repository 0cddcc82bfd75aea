import { milliseconds } from '../report/units.ts';
import type { Results } from '../results.ts';
import { type Figure, post, python, timesAsMuch, timesFaster } from './figure.ts';

export function warmFigures({ warm, emulated }: Results): Figure[] {
  const inProcess = (quantile: 'p50' | 'p99', name: keyof typeof warm.times) => {
    return { ours: warm.times.sepal[quantile], theirs: warm.times[name][quantile], unit: milliseconds };
  };
  const through = (name: keyof typeof emulated.times) => {
    return { ours: emulated.times.sepal, theirs: emulated.times[name], unit: milliseconds };
  };
  const named = (what: string, against: string) => ({ group: 'One row, warm', what, against });
  return [
    timesAsMuch({ ...named('in process, p50', '`session.run` alone'), target: 2 }, inProcess('p50', 'session.run')),
    timesFaster(named('in process, p50', post), inProcess('p50', 'python-sklearn')),
    timesFaster({ ...named('in process, p99', post), isTail: true }, inProcess('p99', 'python-sklearn')),
    timesFaster(named('in process, p50', python), inProcess('p50', 'python-onnx')),
    timesFaster(named('through the emulator', post), through('python-sklearn')),
    timesAsMuch(named('through the emulator', 'a Node.js handler that does nothing'), through('nothing-handler')),
  ];
}
