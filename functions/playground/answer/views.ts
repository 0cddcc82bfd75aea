import { toName, toNames } from '../../core/model/classes.ts';
import { type Field, outputsOf, type Target, targetsOf } from '../../core/model/outputs.ts';
import { element } from '../element.ts';
import { type PublicManifest, toWords } from '../model.ts';
import { createScale, shares } from './bars.ts';
import { type Comparison, createClassesView } from './classes-view.ts';
import { toPrefix } from './naming.ts';
import { toPart } from './part.ts';
import type { PartView, PredictionView } from './prediction-view.ts';
import { createScoreView } from './score-view.ts';
import { createValueView } from './value-view.ts';

/** Creates the view for the model's answers. Each of several targets has a block. */
export function createPredictionView(manifest: PublicManifest): PredictionView {
  const targets = targetsOf(manifest);
  if (!('targets' in manifest)) {
    const view = createPartView(manifest, undefined, targets[0] as Target);
    return {
      elements: view.elements,
      caption: toCaption(manifest),
      show: (prediction) => view.show(toPart(prediction, undefined)),
      summarise: (prediction) => view.summarise(toPart(prediction, undefined)),
    };
  }
  const parts = targets.map((target) => {
    const name = target.name ?? '';
    return { name, view: createPartView(manifest, name, target) };
  });
  return {
    elements: parts.map(({ name, view }) =>
      element('div', { class: 'target' }, element('h3', {}, toWords(name)), ...view.elements),
    ),
    caption: '',
    show: (prediction) => {
      for (const { name, view } of parts) view.show(toPart(prediction, name));
    },
    summarise: (prediction) =>
      parts.map(({ name, view }) => `${toWords(name)} ${view.summarise(toPart(prediction, name))}`).join(', '),
  };
}

/** Names what is predicted. Clusters and outliers have no target with a name. */
function toCaption(manifest: PublicManifest): string {
  if ('target' in manifest) return manifest.target.name;
  if (manifest.task === 'clustering') return 'cluster';
  return 'classes' in manifest ? toNames(manifest.classes).join(' or ') : '';
}

function createPartView(manifest: PublicManifest, name: string | undefined, target: Target): PartView {
  if (manifest.task === 'regression') return createValueView(target);
  const examples = manifest.examples.flatMap(({ predictions }) => predictions.map((one) => toPart(one, name)));
  if (manifest.task === 'outliers') {
    const seen = examples.map(({ value }) => value);
    return createScoreView(createScale('Score', true, seen), toName(manifest.classes[1] ?? 'outlier'));
  }
  const field = outputsOf(manifest).find(({ kind }) => kind === 'numbers')?.field;
  const seen = examples.flatMap(({ numbers }) => Object.values(numbers));
  const comparison = field && toComparison(field, toNames(target.classes), seen);
  return createClassesView(comparison, name === undefined ? toPrefix(manifest, target) : '');
}

function toComparison(field: Field, names: readonly string[], seen: readonly number[]): Comparison {
  if (field === 'probabilities') return { names, measure: shares, isBestLeast: false, note: '' };
  if (field === 'distances') {
    const measure = createScale('Distances', false, seen);
    return { names, measure, isBestLeast: true, note: 'Distances to the clusters.' };
  }
  // With two classes, only the second has a score.
  const scored = names.length === 2 ? names.slice(1) : names;
  const measure = createScale('Scores', true, seen);
  return { names: scored, measure, isBestLeast: false, note: 'Scores of the decision function.' };
}
