import { toName } from '../../core/model/classes.ts';
import { type Target, targetsOf } from '../../core/model/outputs.ts';
import { formatName, formatNumber } from '../format.ts';
import { type Prediction, type PublicManifest, toWords, withUnit } from '../model.ts';
import { toPart } from './part.ts';

/** A number, a flag, or so short that nobody knows what it is of. */
const bare = /^(-?[\d.]+(e[+-]?\d+)?|true|false|yes|no|.{0,2})$/i;

/** What stands before a label that does not say itself what it is of, as in `Survived = 1`; often nothing. */
export function toPrefix(manifest: PublicManifest, { name, classes }: Target): string {
  if (manifest.task === 'clustering') return 'cluster ';
  return name !== undefined && classes.every((value) => bare.test(toName(value))) ? `${toWords(name)} = ` : '';
}

/** A prediction by its labels, or by its values; those of several targets one after the other. */
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
