import { readFileSync } from 'node:fs';
import { type CollectionTag, parse, type ScalarTag } from 'yaml';

/** A template as JSON. Short forms (`!Ref x`) are in their long form (`{"Ref": "x"}`). */
export interface Template {
  Metadata?: { 'AWS::CloudFormation::Interface'?: Interface };
  Parameters: Record<string, Parameter>;
  Conditions: Record<string, unknown>;
  Rules?: Record<string, Rule>;
  Resources: Record<string, Resource>;
  Outputs: Record<string, { Condition?: string; Description?: string; Value: unknown }>;
}

interface Interface {
  ParameterGroups: { Label: { default: string }; Parameters: string[] }[];
}

export interface Parameter {
  Type: string;
  Description?: string;
  Default?: string | number;
  AllowedPattern?: string;
  AllowedValues?: (string | number)[];
  MinValue?: number;
  MaxValue?: number;
  ConstraintDescription?: string;
}

interface Rule {
  /** A rule without a condition checks every stack. */
  RuleCondition?: unknown;
  Assertions: { Assert: unknown; AssertDescription: string }[];
}

export interface Resource {
  Type: string;
  Condition?: string;
  // biome-ignore lint/suspicious/noExplicitAny: each type of resource has its own properties.
  Properties: any;
}

export type Values = Readonly<Record<string, string | number>>;

export function readTemplate(path = 'template.yaml'): Template {
  return parse(readFileSync(path, 'utf8'), { customTags: intrinsics });
}

const names = ['Ref', 'Condition', 'Sub', 'GetAtt', 'If', 'Not', 'And', 'Or', 'Equals', 'Join', 'Split', 'FindInMap'];

const intrinsics = names.flatMap((name): (ScalarTag | CollectionTag)[] => {
  const key = name === 'Ref' || name === 'Condition' ? name : `Fn::${name}`;
  const written = (value: unknown) => ({ [key]: name === 'GetAtt' ? String(value).split('.') : value });
  return [
    { tag: `!${name}`, resolve: written },
    { tag: `!${name}`, collection: 'seq', resolve: (sequence) => written(sequence.toJSON()) },
  ];
});

const noValue = Symbol('AWS::NoValue');

/**
 * Resolves a template for these parameter values. Keeps only resources and outputs that CloudFormation would create,
 * and replaces conditions, parameters and pseudo parameters such as `AWS::Region` by their values. References to
 * resources stay, and so do the functions that `Resolver` does not know, such as `Fn::Join`.
 */
export function resolveTemplate(template: Template, given: Values): Template {
  const defaults = Object.entries(template.Parameters).map(([name, { Default }]) => [name, Default]);
  const resolver = new Resolver(template, { ...constants, ...Object.fromEntries(defaults), ...given });
  return {
    ...template,
    Conditions: {},
    Resources: resolver.keepWhatHolds(template.Resources),
    Outputs: resolver.keepWhatHolds(template.Outputs),
  };
}

/** Returns the descriptions of the rules' assertions that fail for these values. */
export function brokenRules(template: Template, given: Values): string[] {
  const defaults = Object.entries(template.Parameters).map(([name, { Default }]) => [name, Default]);
  const resolver = new Resolver(template, { ...Object.fromEntries(defaults), ...given });
  return Object.values(template.Rules ?? {})
    .filter(({ RuleCondition = true }) => resolver.resolve(RuleCondition))
    .flatMap(({ Assertions }) => Assertions)
    .filter(({ Assert }) => !resolver.resolve(Assert))
    .map(({ AssertDescription }) => AssertDescription);
}

const constants = {
  'AWS::Region': 'us-east-1',
  'AWS::Partition': 'aws',
  'AWS::AccountId': '123456789012',
  'AWS::URLSuffix': 'amazonaws.com',
};

class Resolver {
  readonly #template: Template;
  readonly #values: Values;

  constructor(template: Template, values: Values) {
    this.#template = template;
    this.#values = values;
  }

  keepWhatHolds<T extends { Condition?: string }>(entries: Record<string, T>): Record<string, T> {
    const kept = Object.entries(entries).filter(([, { Condition }]) => !Condition || this.#holds(Condition));
    return Object.fromEntries(kept.map(([name, { Condition, ...entry }]) => [name, this.resolve(entry) as T]));
  }

  resolve(value: unknown): unknown {
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) return value.map((item) => this.resolve(item)).filter((item) => item !== noValue);
    const [[key, argument] = [], ...rest] = Object.entries(value);
    const intrinsic = key && rest.length === 0 ? this.#functions[key] : undefined;
    if (intrinsic) return intrinsic(argument);
    const entries = Object.entries(value).map(([name, item]) => [name, this.resolve(item)] as const);
    return Object.fromEntries(entries.filter(([, item]) => item !== noValue));
  }

  // biome-ignore lint/suspicious/noExplicitAny: CloudFormation's functions take arguments of different types.
  readonly #functions: Record<string, (argument: any) => unknown> = {
    Ref: (name: string) => (name === 'AWS::NoValue' ? noValue : (this.#values[name] ?? { Ref: name })),
    Condition: (name: string) => this.#holds(name),
    'Fn::If': ([name, then, otherwise]: [string, unknown, unknown]) =>
      this.resolve(this.#holds(name) ? then : otherwise),
    'Fn::Not': ([condition]: [unknown]) => !this.resolve(condition),
    'Fn::And': (conditions: unknown[]) => conditions.every((condition) => this.resolve(condition)),
    'Fn::Or': (conditions: unknown[]) => conditions.some((condition) => this.resolve(condition)),
    'Fn::Equals': ([one, other]: [unknown, unknown]) => String(this.resolve(one)) === String(this.resolve(other)),
    'Fn::Split': ([separator, text]: [string, unknown]) => String(this.resolve(text)).split(separator),
    'Fn::Sub': (argument: string | [string, Record<string, unknown>]) => this.#substitute(argument),
  };

  #holds(name: string): boolean {
    return Boolean(this.resolve(this.#template.Conditions[name]));
  }

  #substitute(argument: string | [string, Record<string, unknown>]): string {
    const [text, own] = typeof argument === 'string' ? [argument, {}] : argument;
    return text.replace(/\$\{([^}!]+)\}/g, (whole, name: string) => {
      const value = name in own ? this.resolve(own[name]) : this.#values[name];
      return typeof value === 'object' && value !== null && 'Ref' in value
        ? `\${${value.Ref}}`
        : String(value ?? whole);
    });
  }
}
