import type { RequestListener, ServerResponse } from 'node:http';
import type { Act, Board } from './board.ts';
import { createFront, type Front, resources } from './front.ts';
import { observeOutput } from './output.ts';
import { createPage } from './page.ts';
import { periodSeconds, speed, toPanel, toPeriods } from './panel.ts';
import { createSamples } from './samples.ts';
import { createTemplateReader, type Values } from './template.ts';
import { indexSamples } from './window.ts';

/** The widgets of the deployed dashboard, drawn from local measurements. */
export interface Dashboard {
  /** Whether it answers requests of this path. */
  takes(path: string): boolean;
  readonly listener: RequestListener;
  /** Measures what API Gateway and Lambda would measure. */
  readonly front: Front;
}

interface Shown {
  /** The path of the template. */
  readonly template: string;
  /** The values of the parameters and resources that the template refers to. */
  readonly values: Values;
  /** The name and the version of the model. */
  readonly model: string;
  readonly demo: { acts(): readonly Act[] } | undefined;
}

export async function createDashboard({ template, values, model, demo }: Shown): Promise<Dashboard> {
  const samples = createSamples();
  // A demo hides the log lines of its requests, which would bury what it prints.
  observeOutput(samples.add, demo !== undefined);
  const front = createFront();
  const readTemplate = createTemplateReader(template, { ...resources, ...values });
  const page = await createPage();
  const toBoard = (now: number): Board => {
    const periods = toPeriods(now);
    // An alarm can look back an hour, which is 3600 / speed seconds here. So the charts' first period needs samples from
    // that many seconds before its end.
    const since = (periods.firstEnd - 3600 / speed) * 1000;
    const index = indexSamples([...samples.since(since), ...front.since(since)]);
    const { widgets, alarms } = readTemplate();
    // Text widgets are left out: their links lead to AWS, and the page has links of its own.
    const shown = widgets.filter(({ type }) => type !== 'text');
    const drawn = shown.map((widget) => toPanel(widget, alarms, index, periods));
    const panels = drawn.map(({ panel }) => panel);
    const unmeasured = [...new Set(drawn.flatMap((one) => one.unmeasured))];
    const times = Array.from({ length: periods.count }, (_, at) => periods.firstEnd + (at - 1) * periods.step);
    return { model, times, periodSeconds, speed, panels, unmeasured, acts: demo?.acts() ?? [] };
  };
  return {
    front,
    takes: (path) => path === '/dashboard' || path === '/dashboard/data',
    listener: ({ url }, response) => {
      if (url !== '/dashboard/data') response.writeHead(200, page.headers).end(page.body);
      else answerBoard(() => toBoard(Date.now()), response);
    },
  };
}

/**
 * Answers with the board, or with the reason why there is none. Somebody who edits the template while the server runs
 * can make it unreadable for a moment, which must not end the server.
 */
export function answerBoard(toBoard: () => Board, response: Pick<ServerResponse, 'writeHead'>): void {
  try {
    const board = JSON.stringify(toBoard());
    response.writeHead(200, { 'content-type': 'application/json' }).end(board);
  } catch (error) {
    response.writeHead(500, { 'content-type': 'text/plain; charset=utf-8' }).end((error as Error).message);
  }
}
