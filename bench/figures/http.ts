import { perSecond } from '../report/units.ts';
import type { Results } from '../results.ts';
import { otherServers, type ServerName } from '../systems/servers.ts';
import { type Figure, timesAsMuch } from './figure.ts';

const serverNames: Readonly<Record<ServerName, string>> = {
  sepal: 'Sepal',
  'nothing-http': 'a Node.js server that does nothing',
  mlserver: 'MLServer',
  bentoml: 'BentoML',
  mlflow: 'MLflow',
};

export function httpFigures({ http: { rounds } }: Results): Figure[] {
  return ([8, 1] as const).flatMap((count) => {
    const named = { group: 'HTTP', what: `requests over ${count} ${count === 1 ? 'connection' : 'connections'}` };
    const against = (name: ServerName) => {
      return { ours: rounds.sepal?.[count] ?? [], theirs: rounds[name]?.[count] ?? [], unit: perSecond };
    };
    const measured = otherServers.filter((name) => rounds[name]);
    const targetOf = (name: ServerName) => (count === 8 && name === 'mlserver' ? { target: 12 } : {});
    const floor = { ...named, against: serverNames['nothing-http'], ...(count === 8 && { target: 0.5 }) };
    return [
      ...measured.map((name) =>
        timesAsMuch({ ...named, against: serverNames[name], ...targetOf(name) }, against(name), true),
      ),
      timesAsMuch(floor, against('nothing-http'), true),
    ];
  });
}
