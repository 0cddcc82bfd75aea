import { largestBudget } from '../../core/explain/method.ts';
import type { Manifest } from '../../core/model/manifest.ts';
import { type AnswerColumn, type Output, outputsOf, rangesByTarget } from '../../core/model/outputs.ts';
import { anyOf, arrayOf, objectOf, ref } from './builders.ts';
import type { Parameter, Schema } from './document.ts';
import { toPredictionMembers } from './rows.ts';

const number: Schema = { type: 'number' };
const count: Schema = { type: 'integer', minimum: 1 };

const method: Schema = {
  ...anyOf(
    objectOf({ name: { const: 'exact' }, background: count, rows: count }),
    objectOf({ name: { const: 'permutations' }, background: count, pairs: count, rows: count }),
  ),
  description:
    'How the contributions were computed. rows: how many rows the model answered to explain one row, at most.',
};

/** The schemas of explanations; none if the model cannot be explained. */
export function toExplanationSchemas(manifest: Manifest): Readonly<Record<string, Schema>> {
  const { name, version, features, explanations } = manifest;
  const output = outputsOf(manifest).find(({ kind }) => kind === 'numbers');
  if (!explanations || !output) return {};
  const byFeature = (value: Schema) => objectOf(Object.fromEntries(features.map((feature) => [feature.name, value])));
  const reason =
    'A short text for each feature that adds something to what is predicted, the largest contribution first.';
  const members = {
    base: { ...nest(output, number), description: 'The mean answer to the rows of the background.' },
    contributions: {
      ...nest(output, ref('Contributions')),
      description: 'What each feature adds to the base. The base and all contributions sum to the prediction.',
    },
    standard_errors: {
      ...nest(output, ref('StandardErrors')),
      description: 'Only of contributions that are estimated from permutations.',
    },
    reasons: { ...arrayOf({ type: 'string' }, 0), description: reason },
  };
  const model = objectOf({ name: { const: name }, version: { const: version } });
  return {
    Contributions: byFeature(number),
    StandardErrors: byFeature({ ...number, minimum: 0 }),
    Explanation: objectOf(members, ['standard_errors']),
    ExplainedPrediction: objectOf({ ...toPredictionMembers(manifest), ...members }, ['standard_errors']),
    ExplainResponse: {
      ...objectOf({ model, method, explanations: arrayOf(ref('ExplainedPrediction')) }),
      description: 'One explanation for each row, in the order of the rows.',
    },
  };
}

/**
 * Nests `value` as the numbers of an answer are nested: by target, by class, or both. Classes are optional, because
 * `?explain=predicted` explains only the predicted one.
 */
function nest(output: Output, value: Schema): Schema {
  const { field, columns } = output;
  const [first] = columns;
  if (!first || first.path.length === 0) return value;
  const nameOf = ({ path }: AnswerColumn) => path.at(-1) ?? '';
  const toMembers = (some: readonly AnswerColumn[]) => {
    const optional = field === 'values' ? [] : some.map(nameOf);
    return objectOf(Object.fromEntries(some.map((column) => [nameOf(column), value])), optional);
  };
  if (first.path.length === 1) return toMembers(columns);
  const targets = rangesByTarget(output).map(([from, to]) => [
    columns[from]?.path[0],
    toMembers(columns.slice(from, to)),
  ]);
  return objectOf(Object.fromEntries(targets));
}

/** The parameters in the query of POST /explain. */
export const explainParameters: readonly Parameter[] = [
  {
    name: 'explain',
    in: 'query',
    required: false,
    description:
      'Which numbers of an answer to explain: all of them or, for each target, only the one of the predicted class',
    schema: { enum: ['all', 'predicted'], default: 'all' },
  },
  {
    name: 'budget',
    in: 'query',
    required: false,
    description: 'About how many rows the model may answer to explain one row: more make the standard errors smaller',
    schema: { ...count, maximum: largestBudget },
  },
];
