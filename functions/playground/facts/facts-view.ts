import { outputsOf, targetsOf } from '../../core/model/outputs.ts';
import { element } from '../element.ts';
import { count, formatAgreement, formatCount, formatNumber } from '../format.ts';
import { type PublicManifest, toWords } from '../model.ts';
import { toFigure } from './quality-view.ts';

/** Shows how the export was proven and what it was made with. It is folded, because few people look for it. */
export function createFactsView(manifest: PublicManifest): HTMLElement {
  const { features } = manifest;
  return element(
    'details',
    { class: 'facts' },
    element('summary', {}, element('h2', {}, 'About this model')),
    element('dl', { class: 'figures' }, ...toParity(manifest)),
    element('p', { class: 'aside' }, toProof(manifest)),
    element(
      'dl',
      { class: 'details' },
      ...toDetail('Takes', `${count(features.length, 'feature')}`),
      ...toDetail('Answers', toAnswers(manifest)),
      ...toDetail('Made with', toVersions(manifest.producers)),
      ...toDetail('ONNX', `opset ${toVersions(manifest.opset)}, IR ${manifest.ir_version}`),
      ...(manifest.memory_size ? toDetail('Needs', `${formatCount(manifest.memory_size)} MB of memory`) : []),
      ...toDetail('SHA-256', manifest.sha256),
    ),
  );
}

function toParity(manifest: PublicManifest): HTMLElement[] {
  const { parity } = manifest;
  if (!parity) return [];
  const { rows, label_agreement: agreement, largest_error: error, mismatches } = parity;
  const labels =
    agreement === null
      ? []
      : [toFigure('same labels as the original', formatAgreement(agreement), `of ${count(rows, 'row')}`)];
  const allowed =
    mismatches > 0
      ? [toFigure('differ from the original, as allowed', formatCount(mismatches), `of ${count(rows, 'row')}`)]
      : [];
  // The export has rounded the largest error up to a power of ten.
  const note = ofWhat(manifest);
  return [...labels, ...allowed, ...(note ? [toFigure('differs by at most', formatNumber(error), note)] : [])];
}

/** Says what the largest error refers to; undefined if the model answers only labels. */
function ofWhat(manifest: PublicManifest): string | undefined {
  const numbers = outputsOf(manifest).filter(({ kind }) => kind === 'numbers');
  if (numbers.length === 0) return undefined;
  return numbers.some(({ field }) => field === 'probabilities') ? 'in a probability' : 'of the largest value';
}

function toProof({ parity }: PublicManifest): string {
  if (!parity) return 'The model was not compared with an original.';
  const { points, rows, tolerance, thresholds, undecided } = parity;
  const kinds = Object.entries(points).map(([kind, number]) => `${formatCount(number)} ${kind}`);
  const proof = `The export was compared with the original on ${count(rows, 'row')} (${formatNumber(tolerance)} allowed): ${kinds.join(', ')}.`;
  const tried = thresholds && `${formatCount(thresholds.tried)} of ${formatCount(thresholds.total)}`;
  return [
    proof,
    tried && `Rows were made for ${tried} thresholds of its trees.`,
    undecided && `Left out: ${count(undecided, 'row')} that the original answers by chance.`,
  ]
    .filter(Boolean)
    .join(' ');
}

function toAnswers(manifest: PublicManifest): string {
  if (manifest.task === 'outliers') return `${manifest.classes.join(' or ')}, and a score`;
  if (manifest.task === 'clustering') return `one of ${count(manifest.classes.length, 'cluster')}`;
  const answers = targetsOf(manifest).map(({ name = '', unit, classes }) =>
    classes.length > 0
      ? `${toWords(name)}, one of ${classes.length} classes`
      : `${toWords(name)}${unit ? ` in ${unit}` : ''}, a number`,
  );
  return answers.join('; ');
}

function toVersions(versions: Readonly<Record<string, string | number>>): string {
  return Object.entries(versions)
    .map(([name, version]) => `${name} ${version}`)
    .join(', ');
}

function toDetail(name: string, text: string): HTMLElement[] {
  return [element('dt', {}, name), element('dd', {}, text)];
}
