import type { RequestListener } from 'node:http';
import type { Act, Board } from './board.ts';
import { createFront, type Front, resources } from './front.ts';
import { observeOutput } from './output.ts';
import { createPage } from './page.ts';
import { periodSeconds, speed, toPanel, toPeriods } from './panel.ts';
import { createSamples } from './samples.ts';
import { createTemplateReader, type Values } from './template.ts';
import { indexSamples } from './window.ts';

/** The deployed dashboard's widgets, drawn from what is measured here. */
export interface Dashboard {
  /** Whether it answers this address. */
  takes(path: string): boolean;
  readonly listener: RequestListener;
  /** What measures as AWS does. */
  readonly front: Front;
}

interface Shown {
  /** The path of the template, and what its names stand for. */
  readonly template: string;
  readonly values: Values;
  /** Name and version. */
  readonly model: string;
  readonly demo: { acts(): readonly Act[] } | undefined;
}

export async function createDashboard({ template, values, model, demo }: Shown): Promise<Dashboard> {
  const samples = createSamples();
  // A demo's lines would hide what it says of itself.
  observeOutput(samples.add, demo !== undefined);
  const front = createFront();
  const readTemplate = createTemplateReader(template, { ...resources, ...values });
  const page = await createPage();
  const toBoard = (now: number): Board => {
    const periods = toPeriods(now);
    // An alarm may look at an hour before the first period's end.
    const since = (periods.firstEnd - 3600 / speed) * 1000;
    const index = indexSamples([...samples.since(since), ...front.since(since)]);
    const { widgets, alarms } = readTemplate();
    // The links of its texts lead to AWS: the page has links of its own.
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
      else response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(toBoard(Date.now())));
    },
  };
}
