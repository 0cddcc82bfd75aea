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
  // Parameters of a signed URL (AWS Signature Version 4) are for the gateway.
  const unknown = [...parameters.keys()].find((name) => name !== 'ignore' && !/^x-amz-/i.test(name));
  if (unknown !== undefined) {
    throw new RequestError(
      'InvalidInput',
      `Expected no other parameter in the address than ignore, got ${show(unknown)}`,
    );
  }
  // The whole value counts as a name too, because a name may contain a comma.
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

function show(name: string): string {
  return JSON.stringify(name.length > maxNameShown ? `${name.slice(0, maxNameShown)}…` : name);
}
