import { toName } from '../core/model/classes.ts';
import { createAnswerPanel } from './answer.ts';
import { createApi, Refusal, Unreachable } from './api.ts';
import { createCsvView } from './csv-view.ts';
import { element, section } from './element.ts';
import { createFactsView } from './facts-view.ts';
import { createForm } from './form.ts';
import { createLatest } from './latest.ts';
import type { PublicManifest, Row } from './model.ts';
import { createPresets, firstExample } from './presets.ts';
import { createQualityView } from './quality-view.ts';
import { hasRegions, whyNoRegions } from './region-grid.ts';
import { createRegionMap } from './region-map.ts';
import { createRequestView } from './request-view.ts';
import { createPredictionView } from './views.ts';

const manifest: PublicManifest = JSON.parse(document.getElementById('manifest')?.textContent ?? '');
const api = createApi(location);
const retryMs = 3000;
/** So few inputs leave room for the map beside them. */
const fewInputs = 5;

const form = createForm(manifest.features, predict);
const view = createPredictionView(manifest);
const panel = createAnswerPanel(view);
const request = createRequestView(`${api.base}predict`, manifest.features);
const map = hasRegions(manifest) ? createRegionMap(manifest, api, form.change) : undefined;

/** One request at a time, and not more than some in a second. */
const ask = createLatest(
  (row: Row) => api.predict([row]),
  {
    onAnswer(answer, row) {
      panel.show(answer, form.countOutOfRange());
      request.showTiming(answer.timing);
      const [prediction] = answer.predictions;
      if (prediction && 'label' in prediction) map?.show(row, toName(prediction.label));
    },
    onError(error) {
      panel.showProblem(error);
      if (error instanceof Refusal) form.report(error.errors);
      if (error instanceof Unreachable) setTimeout(predict, retryMs);
    },
  },
  60,
);

function predict(): void {
  const row = form.read();
  if (!row) {
    panel.showIncomplete();
    return;
  }
  request.show(row);
  ask(row);
}

function createHeader({ name, version, description }: PublicManifest): HTMLElement {
  const links = { 'API docs': 'docs', OpenAPI: 'openapi.json', 'model.json': 'model' };
  const list = Object.entries(links).map(([text, path]) => element('a', { href: `${api.base}${path}` }, text));
  return element(
    'header',
    {},
    element('h1', {}, name, ' ', element('small', {}, version)),
    element('nav', { 'aria-label': 'The API' }, ...list),
    element('p', {}, description),
  );
}

/** The prediction in a line at the foot of a narrow page, while the panel is out of sight. */
function showReadoutWhere(panelIsHidden: (isHidden: boolean) => void): void {
  new IntersectionObserver(([entry]) => panelIsHidden(!entry?.isIntersecting)).observe(panel.element);
}

/** In the order that they are read and tabbed through: the answer, its inputs, and what explains it. */
function createFirstScreen(): HTMLElement {
  const isFew = manifest.features.length < fewInputs;
  const columns = element('div', { class: 'columns' }, panel.element, form.element);
  if (map && isFew) columns.append(map.element);
  columns.classList.toggle('mapped', map !== undefined && isFew);
  return columns;
}

form.head.append(createPresets(manifest, form.write));
const noMap = whyNoRegions(manifest);
document.body.append(
  createHeader(manifest),
  element(
    'main',
    {},
    createFirstScreen(),
    section('what-if', 'What if', ...(noMap ? [element('p', { class: 'aside' }, noMap)] : [])),
    createQualityView(manifest),
    createCsvView(manifest, api),
    request.element,
    createFactsView(manifest),
  ),
  panel.readout,
);
showReadoutWhere((isHidden) => panel.readout.classList.toggle('shown', isHidden));
addEventListener('online', predict);
form.write(firstExample(manifest));
