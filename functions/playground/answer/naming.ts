import { toName } from '../../core/model/classes.ts';
import { type Target, targetsOf } from '../../core/model/outputs.ts';
import { formatName, formatNumber } from '../format.ts';
import { type Prediction, type PublicManifest, toWords, withUnit } from '../model.ts';
import { toPart } from './part.ts';

/** Labels that do not say what they are about: numbers, flags, and texts of at most two characters. */
const bare = /^(-?[\d.]+(e[+-]?\d+)?|true|false|yes|no|.{0,2})$/i;

/** The text before a label that does not say what it is about, such as `Survived = ` before `1`. Often empty. */
export function toPrefix(manifest: PublicManifest, { name, classes }: Target): string {
  if (manifest.task === 'clustering') return 'cluster ';
  return name !== undefined && classes.every((value) => bare.test(toName(value))) ? `${toWords(name)} = ` : '';
}

/** Names a prediction by its labels or values. Those of several targets follow each other. */
export function toTitle(prediction: Prediction, manifest: PublicManifest): string {
  const targets = targetsOf(manifest);
  const titles = targets.map((target) => {
    const { label, value } = toPart(prediction, target.name);
    const isLabel = 'label' in prediction || 'labels' in prediction;
    const text = isLabel ? formatName(label) : withUnit(formatNumber(value), target.unit);
    const isNamed = isLabel && targets.length === 1;
    return `${isNamed ? toPrefix(manifest, target) : toNamed(target)}${text}`;
  });
  return titles.join(', ');
}

function toNamed({ name }: Target): string {
  return name === undefined ? '' : `${toWords(name)} = `;
}
