import { toName } from '../../core/model/classes.ts';
import { type AnswerColumn, type Field, outputsOf, targetsOf } from '../../core/model/outputs.ts';
import { readAt } from '../../core/model/records.ts';
import { toPrefix } from '../answer/naming.ts';
import { formatName, formatNumber, formatShare, withSign } from '../format.ts';
import { type Prediction, type PublicManifest, toWords, withUnit } from '../model.ts';

/** One number of an answer. It can be explained, and drawn over the values of a feature. */
export interface Subject {
  /** The class, the target, or both. Empty if the answer has only one number. */
  readonly name: string;
  /** The names that lead to the number within the answer's field and within an explanation. */
  readonly path: readonly string[];
  /** Whether it is a share, which is drawn on a scale from 0 to 1. */
  readonly isShare: boolean;
  read(prediction: Prediction): number;
  format(number: number): string;
  /** The unit of differences, after a space; empty if it is not known. */
  readonly unit: string;
  /** Formats a difference without its sign and unit. */
  formatSize(difference: number): string;
  /** Formats a difference with its sign and without its unit. */
  formatChange(difference: number): string;
  /** Describes a difference with its sign, its unit and the name of the number. */
  describeChange(difference: number): string;
}

/**
 * The numbers of a model's answers. If answers have no numbers, each label counts as one: 1 for an answer with that
 * label, else 0.
 */
export function subjectsOf(manifest: PublicManifest): readonly Subject[] {
  const outputs = outputsOf(manifest);
  const numbers = outputs.find(({ kind }) => kind === 'numbers');
  if (numbers) return numbers.columns.map((column) => toNumber(numbers.field, column, manifest));
  return outputs.flatMap(({ field, columns }) => columns.flatMap((column) => toLabels(field, column, manifest)));
}

/** Whether answers have numbers. Only numbers can be explained. */
export function hasNumbers(manifest: PublicManifest): boolean {
  return outputsOf(manifest).some(({ kind }) => kind === 'numbers');
}

/**
 * The number of what is predicted: that of the label, or the first one. With several targets, it is that of the first
 * target.
 */
export function subjectOf(prediction: Prediction, subjects: readonly Subject[]): Subject | undefined {
  const labels = 'label' in prediction ? [toName(prediction.label)] : 'labels' in prediction ? firstOf(prediction) : [];
  const answered = subjects.find(({ path }) => path.length > 0 && path.every((name, index) => name === labels[index]));
  return answered ?? subjects[0];
}

function firstOf({ labels }: Extract<Prediction, { labels: unknown }>): readonly string[] {
  const [[target = '', label = ''] = []] = Object.entries(labels);
  return [target, toName(label)];
}

function toNumber(field: Field, { path, target }: AnswerColumn, manifest: PublicManifest): Subject {
  const isShare = field === 'probabilities';
  const isValue = field === 'value' || field === 'values';
  const unit = isValue ? (targetsOf(manifest)[target]?.unit ?? null) : null;
  const formatSize = (difference: number) =>
    isShare ? Math.abs(difference * 100).toFixed(1) : formatNumber(Math.abs(difference));
  const differenceUnit = isShare ? ' points' : withUnit('', unit);
  const formatChange = (difference: number) => withSign(difference, formatSize(difference));
  const name = path.length > 0 ? `${nouns[field] ?? ''}${toTitle(path, target, manifest)}` : '';
  return {
    name,
    path,
    isShare,
    read: (prediction) => Number(readAt(prediction, field, path)),
    format: isShare ? formatShare : (number) => withUnit(formatNumber(number), unit),
    unit: differenceUnit,
    formatSize,
    formatChange,
    describeChange: (difference) => `${formatChange(difference)}${differenceUnit}${name && ` for ${name}`}`,
  };
}

const nouns: Readonly<Partial<Record<Field, string>>> = { distances: 'distance to ', scores: 'score of ' };

/** One subject for each class of a column of labels. */
function toLabels(field: Field, { path, target, classes }: AnswerColumn, manifest: PublicManifest): readonly Subject[] {
  return classes.map((value) => {
    const whole = [...path, toName(value)];
    const name = toTitle(whole, target, manifest);
    return {
      name,
      path: whole,
      isShare: true,
      read: (prediction) => (readAt(prediction, field, path) === value ? 1 : 0),
      format: (number) => (number === 1 ? name : `not ${name}`),
      unit: '',
      formatSize: () => '',
      formatChange: () => '',
      describeChange: (difference) =>
        difference === 0 ? 'Still the same label' : `${difference > 0 ? 'Now' : 'No longer'} ${name}`,
    };
  });
}

/** `red`, `sold = 1`, `size: large`. */
function toTitle(path: readonly string[], position: number, manifest: PublicManifest): string {
  const [first = '', second] = path;
  if (second !== undefined) return `${toWords(first)}: ${formatName(second)}`;
  if ('targets' in manifest) return toWords(first);
  const target = targetsOf(manifest)[position];
  return `${target ? toPrefix(manifest, target) : ''}${formatName(first)}`;
}
