import { createAddress } from './address/address.ts';
import { createAnswerPanel } from './answer/answer.ts';
import { createPredictionView } from './answer/views.ts';
import { createApi, Refusal, Unreachable } from './api.ts';
import { element, section } from './element.ts';
import { createFactsView } from './facts/facts-view.ts';
import { createQualityView } from './facts/quality-view.ts';
import { createFileView } from './file/file-view.ts';
import { createForm } from './form/form.ts';
import { createPresets, firstExample } from './form/presets.ts';
import { createInsight } from './insight/insight.ts';
import { createJudgement } from './judgement/judgement.ts';
import { createLatest } from './latest.ts';
import type { PublicManifest, Row } from './model.ts';
import { hasRegions, whyNoRegions } from './region/grid.ts';
import { createRegionMap } from './region/map.ts';
import { createRequestView } from './request/request-view.ts';

const manifest: PublicManifest = JSON.parse(document.getElementById('manifest')?.textContent ?? '');
const api = createApi(location);
const retryMs = 3000;
/** If a model has so few inputs, there is room for the map beside them. */
const isFew = manifest.features.length < 5;

const form = createForm(manifest.features, predict);
const view = createPredictionView(manifest);
const panel = createAnswerPanel(view);
const request = createRequestView(`${api.base}predict`, manifest.features);
const insight = createInsight(manifest, api, form);
const judgement = createJudgement(manifest);
const address = createAddress(manifest, firstExample(manifest), start);
const map = hasRegions(manifest) ? createRegionMap(manifest, api, form.change) : undefined;

/** Sends one request at a time, and pauses between two. */
const ask = createLatest(
  (row: Row) => api.predict([row]),
  {
    onAnswer(answer, row) {
      panel.show(answer, form.countOutOfRange());
      request.showTiming(answer.timing);
      const [prediction] = answer.predictions;
      if (!prediction) return;
      insight.show(row, prediction);
      judgement.show(prediction);
      map?.show(row, prediction);
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
  address.show(row);
  ask(row);
}

/**
 * Starts from an example or from a row that somebody shared. The page tells what later changes do, compared with this
 * row.
 */
function start(row: Row): void {
  insight.start(row);
  form.write(row);
}

/** Loads a row of a file into the form, and scrolls to its prediction and reasons. */
function showRow(row: Row): void {
  start(row);
  panel.element.scrollIntoView({ block: 'nearest' });
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

/** Reports whether the answer panel is out of sight. A narrow page then shows the prediction in a line at its foot. */
function showReadoutWhere(panelIsHidden: (isHidden: boolean) => void): void {
  new IntersectionObserver(([entry]) => panelIsHidden(!entry?.isIntersecting)).observe(panel.element);
}

/** The part of the page that shows what the model would answer to other inputs. */
function createWhatIf(): HTMLElement {
  const noMap = whyNoRegions(manifest);
  const panel = section('what-if', 'What if', ...insight.ofChange);
  if (map && !isFew) panel.append(map.element);
  if (noMap) panel.append(element('p', { class: 'aside' }, noMap));
  return panel;
}

/** The parts in the order in which they are read and tabbed through: the answer, its inputs, and the map. */
function createFirstScreen(): HTMLElement {
  const columns = element('div', { class: 'columns' }, panel.element, form.element);
  if (map && isFew) columns.append(map.element);
  columns.classList.toggle('mapped', map !== undefined && isFew);
  return columns;
}

form.head.append(createPresets(manifest, start));
form.element.append(address.element);
panel.element.append(...insight.ofAnswer);
document.body.append(
  createHeader(manifest),
  element(
    'main',
    {},
    createFirstScreen(),
    createWhatIf(),
    createQualityView(manifest, ...judgement.elements),
    createFileView(manifest, api, showRow),
    request.element,
    createFactsView(manifest),
  ),
  panel.readout,
);
showReadoutWhere((isHidden) => panel.readout.classList.toggle('shown', isHidden));
addEventListener('online', predict);
start(address.row ?? firstExample(manifest));
