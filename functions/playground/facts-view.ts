import { element, section } from './element.ts';
import { count, formatCount, formatMeasured, formatNumber } from './format.ts';
import { type PublicManifest, toWords } from './model.ts';

/** How good the model is, and how its export was proven. */
export function createFactsView(manifest: PublicManifest): HTMLElement {
  const { metrics, features } = manifest;
  const scores = Object.entries(metrics.values).map(([name, { mean, std }]) =>
    toFigure(toWords(name), ...formatMeasured(mean, std)),
  );
  return section(
    'facts',
    'The model',
    element('dl', { class: 'figures' }, ...scores, ...toParity(manifest)),
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

function toParity({ parity: { rows, label_agreement: agreement, largest_error: error, tolerance } }: PublicManifest) {
  const labels =
    agreement === null
      ? []
      : [toFigure('same labels as the original', `${formatNumber(agreement * 100)}%`, `of ${count(rows, 'row')}`)];
  const within = `of ${formatNumber(tolerance)} allowed`;
  return [...labels, toFigure('largest difference', formatNumber(error), within)];
}

function toPoints({ parity: { points, rows } }: PublicManifest): string {
  const kinds = Object.entries(points).map(([kind, number]) => `${formatCount(number)} ${kind}`);
  return `The export was compared with the original on ${count(rows, 'row')}: ${kinds.join(', ')}.`;
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
