import { throughDoor, usualCost } from '../prices/doors.ts';
import type { Results } from '../results.ts';
import { type Figure, post, timesAsMuch } from './figure.ts';

export function costFigures({ costs }: Results): Figure[] {
  const cheapest = timesAsMuch(
    {
      group: 'Cost',
      what: 'price of a million requests by the function URL, at 1 a second, 1,769 MB',
      against: 'the limit of $0.30',
      target: 1,
    },
    { ours: [throughDoor(usualCost(costs), 'functionUrl')], theirs: [0.3], unit: dollars },
  );
  return [cheapest, ...compareWithPython(costs)];
}

function compareWithPython(costs: Results['costs']): Figure[] {
  return costs
    .filter(({ system }) => system === 'sepal')
    .map(({ megabytes: memory, rate, total }) => {
      const theirs = costs.find((cost) => cost.system !== 'sepal' && cost.megabytes === memory && cost.rate === rate);
      const often = rate < 0.01 ? '1 an hour' : `${rate} a second`;
      const named = {
        group: 'Cost',
        what: `price of a million requests, at ${often}, ${memory.toLocaleString('en')} MB`,
        against: post,
      };
      return timesAsMuch(named, { ours: [total], theirs: [theirs?.total ?? Number.NaN], unit: dollars });
    });
}

const dollars = (value: number) => `$${value.toFixed(2)}`;
