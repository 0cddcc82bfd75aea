import { RequestError } from '../../core/errors.ts';
import type { Manifest } from '../../core/model/manifest.ts';
import { type Leniency, maxNameShown } from '../../core/model/names.ts';

/** The advice for a column that the model does not know. */
const advise = (name: string) => `?${new URLSearchParams({ ignore: name })} in the address omits it`;
const nothing: Leniency = { ignores: () => false, advise };

/**
 * Reads `?ignore=email&ignore=id` or `?ignore=email,id`: columns unknown to the model that a request may contain;
 * `?ignore=*` allows any. Throws InvalidInput for a feature of the model, and for any other parameter.
 */
export function parseIgnore(query: string | undefined, { features }: Manifest): Leniency {
  if (!query) return nothing;
  const parameters = new URLSearchParams(query);
  checkParameters(parameters, ['ignore']);
  // A name may hold a comma itself.
  const names = new Set(parameters.getAll('ignore').flatMap((value) => [value, ...value.split(',')]));
  const feature = features.find(({ name }) => names.has(name));
  if (feature) {
    throw new RequestError(
      'InvalidInput',
      `Expected ignore to name columns that the model does not know, got ${show(feature.name)}`,
    );
  }
  const ignoresAll = names.has('*');
  return { ignores: (name) => ignoresAll || names.has(name), advise };
}

/** Throws InvalidInput for a query parameter that is not known, because it would have no effect. */
export function checkParameters(parameters: URLSearchParams, known: readonly string[]): void {
  // The parameters of a signed address (AWS Signature Version 4) are for the gateway.
  const unknown = [...parameters.keys()].find((name) => !known.includes(name) && !/^x-amz-/i.test(name));
  if (unknown === undefined) return;
  throw new RequestError(
    'InvalidInput',
    `Expected no other parameter in the address than ${known.join(', ')}, got ${show(unknown)}`,
  );
}

function show(name: string): string {
  return JSON.stringify(name.length > maxNameShown ? `${name.slice(0, maxNameShown)}…` : name);
}
