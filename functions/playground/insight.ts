import type { Api } from './api.ts';
import { createChangeView } from './change-view.ts';
import { element, section } from './element.ts';
import type { Explained } from './explanation.ts';
import { afterPause, createLatest } from './latest.ts';
import type { Prediction, PublicManifest, Row } from './model.ts';
import { createSubjectChoice } from './subject-choice.ts';
import { type Subject, subjectsOf } from './subjects.ts';
import { createSweepView } from './sweep-view.ts';
import { createWhyView, whyNoReasons } from './why-view.ts';

/** What the form must do for it. */
interface Inputs {
  write(row: Row): void;
  change(values: ReadonlyMap<number, number>): void;
  /** Where a bar goes beside each input, by the feature's name. */
  readonly places: ReadonlyMap<string, Element>;
}

export interface Insight {
  /** Why the answer is what it is. */
  readonly why: HTMLElement;
  /** What would change it. */
  readonly whatIf: HTMLElement;
  /** An example was chosen: changes are counted from it. */
  start(row: Row): void;
  show(row: Row, prediction: Prediction): void;
  /** The feature that somebody is at. */
  focus(feature: string): void;
}

interface Present {
  readonly row: Row;
  readonly prediction: Prediction;
}

/** What people come to ask of a model: why it answers so, and what would change that. */
export function createInsight(manifest: PublicManifest, api: Api, inputs: Inputs): Insight {
  const choice = createSubjectChoice(subjectsOf(manifest), () => draw());
  const change = createChangeView(manifest, inputs.write);
  const sweep = createSweepView(manifest, api, inputs.change);
  const noReasons = whyNoReasons(manifest);
  const why = noReasons ? undefined : createWhy(api, inputs.places, choice.element);
  let present: Present | undefined;

  const draw = () => {
    const subject = present && choice.of(present.prediction);
    if (!present || !subject) return;
    const { row, prediction } = present;
    change.show(row, prediction, subject);
    why?.show(row, subject);
    sweep.show(row, prediction, subject);
  };
  const choiceHere = why ? [] : [choice.element];
  return {
    why: why?.element ?? section('why', 'Why', element('p', { class: 'aside' }, noReasons ?? '')),
    whatIf: section('what-if', 'What if', ...choiceHere, change.element, sweep.element),
    start(row) {
      change.start(row, findPrediction(row, manifest));
      draw();
    },
    show(row, prediction) {
      present = { row, prediction };
      draw();
    },
    focus: sweep.choose,
  };
}

/** Of an example it is known before it is asked for. */
function findPrediction(row: Row, { examples }: PublicManifest): Prediction | undefined {
  for (const { instances, predictions } of examples) {
    const index = instances.indexOf(row as (typeof instances)[number]);
    if (index >= 0) return predictions[index] as Prediction;
  }
  return undefined;
}

/** Asks for the reasons once the inputs rest, and shows them as long as they are those of the row. */
function createWhy(api: Api, places: Inputs['places'], choice: HTMLElement) {
  const view = createWhyView(places, choice);
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
