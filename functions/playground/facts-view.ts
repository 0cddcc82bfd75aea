import { element, section } from './element.ts';
import { count, formatAgreement, formatCount, formatMeasured, formatNumber } from './format.ts';
import { type PublicManifest, toWords, withUnit } from './model.ts';

/** How good the model is, and how its export was proven. */
export function createFactsView(manifest: PublicManifest): HTMLElement {
  const { metrics, features } = manifest;
  return section(
    'facts',
    'The model',
    element('dl', { class: 'figures' }, ...toScores(manifest), ...toParity(manifest)),
    element('p', { class: 'aside' }, `Scores: ${metrics.protocol}. ${toPoints(manifest)}`),
    element(
      'dl',
      { class: 'details' },
      ...toDetail('Takes', `${count(features.length, 'feature')}`),
      ...toDetail('Answers', toAnswers(manifest)),
      ...toDetail('Made with', toVersions(manifest.producers)),
      ...toDetail('ONNX', `opset ${toVersions(manifest.opset)}, IR ${manifest.ir_version}`),
      ...toDetail('SHA-256', manifest.sha256),
    ),
  );
}

function toFigure(name: string, value: string, note: string): HTMLElement {
  const detail = element('dd', {}, element('b', {}, value), ` ${note}`);
  return element('div', {}, element('dt', {}, name), detail);
}

/** An absolute error is in the unit of what is predicted. */
function toScores({ metrics, target }: PublicManifest): HTMLElement[] {
  return Object.entries(metrics.values).map(([name, { mean, std }]) => {
    const [middle, deviation] = formatMeasured(mean, std);
    const unit = name === 'mean_absolute_error' ? target.unit : null;
    return toFigure(name === 'r2' ? 'R²' : toWords(name), middle, withUnit(`± ${deviation}`, unit));
  });
}

function toParity({ parity, task }: PublicManifest): HTMLElement[] {
  const { rows, label_agreement: agreement, largest_error: error, mismatches } = parity;
  const labels =
    agreement === null
      ? []
      : [toFigure('same labels as the original', formatAgreement(agreement), `of ${count(rows, 'row')}`)];
  const allowed =
    mismatches > 0 ? [toFigure('differ, which was allowed', formatCount(mismatches), `of ${count(rows, 'row')}`)] : [];
  // Rounded up to a power of ten by the export.
  const note = task === 'regression' ? 'of the largest value' : 'in a probability';
  return [...labels, ...allowed, toFigure('differs by at most', formatNumber(error), note)];
}

function toPoints({ parity: { points, rows, tolerance } }: PublicManifest): string {
  const kinds = Object.entries(points).map(([kind, number]) => `${formatCount(number)} ${kind}`);
  return `The export was compared with the original on ${count(rows, 'row')} (${formatNumber(tolerance)} allowed): ${kinds.join(', ')}.`;
}

function toAnswers(manifest: PublicManifest): string {
  const { target } = manifest;
  if (manifest.task === 'regression')
    return `${toWords(target.name)}${target.unit ? ` in ${target.unit}` : ''}, a number`;
  return `${toWords(target.name)}, one of ${manifest.classes.length} classes`;
}

function toVersions(versions: Readonly<Record<string, string | number>>): string {
  return Object.entries(versions)
    .map(([name, version]) => `${name} ${version}`)
    .join(', ');
}

function toDetail(name: string, text: string): HTMLElement[] {
  return [element('dt', {}, name), element('dd', {}, text)];
}
