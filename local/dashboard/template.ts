import { readFileSync, statSync } from 'node:fs';
import { type CollectionTag, parse, type ScalarTag } from 'yaml';

/** A widget as CloudWatch's dashboard body has it. */
export interface Widget {
  readonly type: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly properties: WidgetProperties;
}

interface WidgetProperties {
  readonly title?: string;
  readonly markdown?: string;
  readonly alarms?: readonly string[];
  readonly view?: string;
  readonly stat?: string;
  readonly period?: number;
  readonly stacked?: boolean;
  readonly metrics?: readonly WidgetMetric[];
  readonly yAxis?: Readonly<Record<'left' | 'right', { readonly label?: string } | undefined>>;
  readonly annotations?: { readonly horizontal?: readonly Threshold[] };
}

interface Threshold {
  readonly label: string;
  readonly value: number;
}

/** Namespace, name, and names and values of dimensions; or nothing of them, and an expression. Options come last. */
export type WidgetMetric = readonly (string | MetricOptions)[];

export interface MetricOptions {
  readonly id?: string;
  readonly expression?: string;
  readonly label?: string;
  readonly stat?: string;
  readonly visible?: boolean;
  readonly yAxis?: 'left' | 'right';
}

interface Template {
  readonly Parameters: Readonly<Record<string, { readonly Default?: string | number }>>;
  readonly Resources: Readonly<
    Record<string, { readonly Type: string; readonly Properties: { readonly DashboardBody: unknown } }>
  >;
}

export type Values = Readonly<Record<string, string>>;

/** Reads the widgets of the template's dashboard for a stack of these values, and again whenever the file has changed. */
export function createWidgetReader(path: string, values: Values): () => readonly Widget[] {
  let changed = 0;
  let widgets: readonly Widget[] = [];
  return () => {
    const { mtimeMs } = statSync(path);
    if (mtimeMs !== changed) widgets = readWidgets(readFileSync(path, 'utf8'), values);
    changed = mtimeMs;
    return widgets;
  };
}

export function readWidgets(yaml: string, values: Values): readonly Widget[] {
  const template = parse(yaml, { customTags: shortForms }) as Template;
  const dashboards = Object.values(template.Resources).filter(({ Type }) => Type === 'AWS::CloudWatch::Dashboard');
  return dashboards.flatMap(({ Properties }) => {
    const body = [Properties.DashboardBody].flat()[0];
    return JSON.parse(substitute(String(body), template, values)).widgets as Widget[];
  });
}

/** What each `${name}` stands for: a value given, a parameter's default, or else the name itself. */
function substitute(text: string, { Parameters }: Template, values: Values): string {
  return text.replace(/\$\{([^}]+)\}/g, (_, name: string) => {
    if (name.startsWith('!')) return `\${${name.slice(1)}}`;
    return values[name] ?? String(Parameters[name]?.Default ?? name);
  });
}

const names = ['Ref', 'Condition', 'Sub', 'GetAtt', 'If', 'Not', 'And', 'Or', 'Equals', 'Join', 'Split', 'FindInMap'];

/** `!Sub x` as `x`: of the dashboard, only the text of its body is looked at. */
const shortForms = names.flatMap((name): (ScalarTag | CollectionTag)[] => [
  { tag: `!${name}`, resolve: (text) => text },
  { tag: `!${name}`, collection: 'seq', resolve: (sequence) => sequence.toJSON() },
]);
