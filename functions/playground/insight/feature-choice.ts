import { element } from '../element.ts';
import { weigh } from '../importance.ts';
import { type Feature, type PublicManifest, toWords } from '../model.ts';

export interface FeatureChoice {
  readonly element: HTMLElement;
  /** The index of the chosen feature; undefined if no feature can be chosen. */
  read(): number | undefined;
  /** Chooses a feature if it can be chosen. Returns whether the choice has changed. */
  choose(name: string): boolean;
}

/** A list of the features that can be chosen. The first choice is the feature that matters most, if that is known. */
export function createFeatureChoice(
  manifest: PublicManifest,
  canBe: (feature: Feature) => boolean,
  onChange: () => void,
): FeatureChoice {
  const names = manifest.features.filter(canBe).map(({ name }) => name);
  const select = element('select', {}, ...names.map((name) => element('option', { value: name }, toWords(name))));
  const weights = weigh(manifest);
  const [first = ''] = names.toSorted((a, b) => (weights.get(b) ?? 0) - (weights.get(a) ?? 0));
  select.value = first;
  select.addEventListener('change', onChange);
  return {
    element: element('label', {}, 'Input that changes ', select),
    read: () => {
      const index = manifest.features.findIndex(({ name }) => name === select.value);
      return index < 0 ? undefined : index;
    },
    choose: (name) => {
      if (!names.includes(name) || name === select.value) return false;
      select.value = name;
      return true;
    },
  };
}
