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
    const [body, own = {}] = [Properties.DashboardBody].flat() as [string, Own?];
    return JSON.parse(substitute(body, template, { ...decide(own), ...values })).widgets as Widget[];
  });
}

/** The dashboard's own names: a text, or by `!If` a condition, what stands where it holds, and what else. */
type Own = Readonly<Record<string, Choice>>;
type Choice = string | readonly [condition: string, then: Choice, otherwise: Choice];

/** As nothing is turned on here. */
function decide(own: Own): Values {
  const last = (choice: Choice): string => (typeof choice === 'string' ? choice : last(choice[2]));
  return Object.fromEntries(Object.entries(own).map(([name, choice]) => [name, last(choice)]));
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
