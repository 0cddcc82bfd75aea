import type { Api } from '../api.ts';
import { element } from '../element.ts';
import type { Form } from '../form/form.ts';
import { weigh } from '../importance.ts';
import { afterPause, createLatest } from '../latest.ts';
import type { Prediction, PublicManifest, Row } from '../model.ts';
import { createChangeView } from './change-view.ts';
import type { Explained } from './explanation.ts';
import { createSubjectChoice } from './subject-choice.ts';
import { type Subject, subjectsOf } from './subjects.ts';
import { createSweepView } from './sweep-view.ts';
import { createWhyView, whyNoReasons } from './why-view.ts';

export interface Insight {
  /** The elements beside the answer: its reasons, and how it has changed since the row that `start` got. */
  readonly ofAnswer: readonly HTMLElement[];
  /** The elements that show the answers to other rows. */
  readonly ofChange: readonly HTMLElement[];
  /** Sets the row with which later rows are compared. */
  start(row: Row): void;
  show(row: Row, prediction: Prediction): void;
}

/** The form shows this many inputs. The others are hidden until they are asked for. */
const mostInSight = 16;

interface Present {
  readonly row: Row;
  readonly prediction: Prediction;
}

/** Shows why the model answers as it does, and what would change the answer. */
export function createInsight(manifest: PublicManifest, api: Api, form: Form): Insight {
  const choice = createSubjectChoice(subjectsOf(manifest), () => draw());
  const change = createChangeView(manifest, form.write);
  const sweep = createSweepView(manifest, api, form.change);
  const noReasons = whyNoReasons(manifest);
  const why = noReasons ? undefined : createWhy(manifest, api, form, choice.element);
  let present: Present | undefined;

  const draw = () => {
    const subject = present && choice.of(present.prediction);
    if (!present || !subject) return;
    const { row, prediction } = present;
    change.show(row, prediction, subject);
    why?.show(row, subject);
    sweep.show(row, prediction, subject);
  };
  arrange(manifest, form);
  followFocus(form.element, sweep.choose);
  return {
    ofAnswer: [change.element, why?.element ?? element('p', { class: 'aside why-not' }, noReasons ?? '')],
    ofChange: [...(why ? [] : [choice.element]), sweep.element],
    start(row) {
      change.start(row, findPrediction(row, manifest));
    },
    show(row, prediction) {
      present = { row, prediction };
      draw();
    },
  };
}

/** Puts the inputs that matter most first if the form does not show all of them. */
function arrange(manifest: PublicManifest, form: Form): void {
  const weights = weigh(manifest);
  if (manifest.features.length <= mostInSight || weights.size === 0) return;
  const order = manifest.features.map(({ name }, index) => ({ index, weight: weights.get(name) ?? 0 }));
  form.arrange(order.toSorted((a, b) => b.weight - a.weight).map(({ index }) => index));
}

/** Calls `onFeature` with the feature whose control has the focus: it is about to be changed. */
function followFocus(form: HTMLElement, onFeature: (name: string) => void): void {
  form.addEventListener('focusin', ({ target }) => {
    const control = target instanceof Element ? target.closest<HTMLElement>('[data-feature]') : null;
    if (control?.dataset.feature !== undefined) onFeature(control.dataset.feature);
  });
}

/** The prediction in model.json if `row` is one of its examples. Undefined for a row of a file or of the address. */
function findPrediction(row: Row, { examples }: PublicManifest): Prediction | undefined {
  for (const { instances, predictions } of examples) {
    const index = instances.indexOf(row as (typeof instances)[number]);
    if (index >= 0) return predictions[index] as Prediction;
  }
  return undefined;
}

/** Asks for the reasons once the inputs rest. The reasons of another row than the present one are shown as stale. */
function createWhy({ features }: PublicManifest, api: Api, { slots }: Form, choice: HTMLElement) {
  const view = createWhyView(new Map(features.map(({ name }, index) => [name, slots[index] as HTMLElement])), choice);
  let wanted: Row | undefined;
  let shown: Subject | undefined;
  let explained: { readonly row: Row; readonly answer: Explained } | undefined;

  const draw = () => {
    const isOfRow = explained !== undefined && explained.row === wanted;
    if (explained && isOfRow && shown) view.show(explained.answer, shown);
    view.setStale(!isOfRow);
  };
  const ask = afterPause(
    150,
    createLatest(
      (row: Row) => api.explain(row),
      {
        onAnswer(answer, row) {
          explained = { row, answer };
          draw();
        },
        onError: view.showProblem,
      },
      0,
    ),
  );
  return {
    element: view.element,
    show(row: Row, subject: Subject) {
      shown = subject;
      if (row !== wanted) ask(row);
      wanted = row;
      draw();
    },
  };
}
