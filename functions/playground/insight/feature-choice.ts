import { element } from '../element.ts';
import { weigh } from '../importance.ts';
import { type Feature, type PublicManifest, toWords } from '../model.ts';

export interface FeatureChoice {
  readonly element: HTMLElement;
  /** The index of the feature; undefined where there is none to choose. */
  read(): number | undefined;
  /** Whether it is now another one. */
  choose(name: string): boolean;
}

/** One of the features that can be chosen; at first the one that matters most, where that is known. */
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
