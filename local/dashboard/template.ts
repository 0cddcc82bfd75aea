import { readFileSync, statSync } from 'node:fs';
import { type CollectionTag, parse, type ScalarTag } from 'yaml';
import type { Threshold } from './board.ts';

/** A widget in the format of CloudWatch's dashboard body. */
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
  readonly alarms?: readonly string[];
  readonly view?: string;
  readonly stat?: string;
  readonly stacked?: boolean;
  readonly metrics?: readonly WidgetMetric[];
  readonly yAxis?: Readonly<Record<string, { readonly label?: string } | undefined>>;
  readonly annotations?: { readonly horizontal?: readonly Threshold[] };
}

/**
 * The namespace, the name, and the names and values of dimensions, or none of these if there is an expression. Options
 * come last.
 */
export type WidgetMetric = readonly (string | MetricOptions)[];

export interface MetricOptions {
  readonly id?: string;
  readonly expression?: string;
  readonly label?: string;
  readonly stat?: string;
  readonly visible?: boolean;
}

/** An alarm in the format of CloudFormation: of one metric, or of an expression of several. */
export interface AlarmDefinition extends MetricName {
  readonly AlarmDescription: string;
  readonly ComparisonOperator: string;
  readonly Threshold: number | string;
  readonly TreatMissingData?: string;
  readonly Statistic?: string;
  readonly ExtendedStatistic?: string;
  readonly Unit?: string;
  readonly Period?: number;
  readonly Metrics?: readonly AlarmMetric[];
}

interface AlarmMetric {
  readonly Id: string;
  readonly Label?: string;
  readonly Expression?: string;
  readonly ReturnData?: boolean;
  readonly MetricStat?: { readonly Metric: MetricName; readonly Period: number; readonly Stat: string };
}

interface MetricName {
  readonly Namespace?: string;
  readonly MetricName?: string;
  readonly Dimensions?: readonly { readonly Name: string; readonly Value: string }[];
}

interface Template {
  readonly Parameters: Readonly<Record<string, { readonly Default?: string | number }>>;
  readonly Resources: Readonly<Record<string, Resource>>;
}

interface Resource {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, unknown>>;
}

export type Values = Readonly<Record<string, string>>;

/** The widgets of the template's dashboard, and its alarms by their logical ids. */
export interface Monitoring {
  readonly widgets: readonly Widget[];
  readonly alarms: ReadonlyMap<string, AlarmDefinition>;
}

/** Reads the template with these values. It is read again if the file has changed. */
export function createTemplateReader(path: string, values: Values): () => Monitoring {
  let changed = 0;
  let monitoring: Monitoring = { widgets: [], alarms: new Map() };
  return () => {
    const { mtimeMs } = statSync(path);
    if (mtimeMs !== changed) monitoring = readMonitoring(readFileSync(path, 'utf8'), values);
    changed = mtimeMs;
    return monitoring;
  };
}

export function readMonitoring(text: string, values: Values): Monitoring {
  const template = parse(text, { customTags: shortForms }) as Template;
  const ofType = (type: string) => Object.entries(template.Resources).filter(([, { Type }]) => Type === type);
  const widgets = ofType('AWS::CloudWatch::Dashboard').flatMap(([, { Properties }]) => {
    const [body, own = {}] = [Properties.DashboardBody].flat() as [string, Own?];
    return JSON.parse(substitute(body, template, { ...decide(own), ...values })).widgets as Widget[];
  });
  const alarms = ofType('AWS::CloudWatch::Alarm').map(([name, { Properties }]) => {
    return [name, JSON.parse(substitute(JSON.stringify(Properties), template, values)) as AlarmDefinition] as const;
  });
  return { widgets, alarms: new Map(alarms) };
}

/**
 * The names that the dashboard's `!Sub` defines itself. Each is a text, or an `!If` with its condition and two choices.
 */
type Own = Readonly<Record<string, Choice>>;
type Choice = string | readonly [condition: string, then: Choice, otherwise: Choice];

/** Takes the second choice of each `!If`: no condition holds, because nothing optional is turned on here. */
function decide(own: Own): Values {
  const last = (choice: Choice): string => (typeof choice === 'string' ? choice : last(choice[2]));
  return Object.fromEntries(Object.entries(own).map(([name, choice]) => [name, last(choice)]));
}

/** Replaces each `${name}` by its value, by the default of the parameter, or else by the name itself. */
function substitute(text: string, { Parameters }: Template, values: Values): string {
  return text.replace(/\$\{([^}]+)\}/g, (_, name: string) => {
    if (name.startsWith('!')) return `\${${name.slice(1)}}`;
    return values[name] ?? String(Parameters[name]?.Default ?? name);
  });
}

const names = ['Ref', 'Condition', 'Sub', 'GetAtt', 'If', 'Not', 'And', 'Or', 'Equals', 'Join', 'Split', 'FindInMap'];

/** Reads `!Sub x` as `x`, and `!Ref x` as `${x}`, so that `substitute` handles both. */
const shortForms = names.flatMap((name): (ScalarTag | CollectionTag)[] => [
  { tag: `!${name}`, resolve: (text) => (name === 'Ref' ? `\${${text}}` : text) },
  { tag: `!${name}`, collection: 'seq', resolve: (sequence) => sequence.toJSON() },
]);
