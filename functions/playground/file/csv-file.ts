import { toClassCell } from '../../core/csv/class-cell.ts';
import { toValue } from '../../core/csv/field.ts';
import type { Feature } from '../../core/model/manifest.ts';
import type { PublicManifest, Value } from '../model.ts';
import { toCellNames, toCells } from './answer-fields.ts';
import { parseFields, toFields } from './csv.ts';
import type { FileFormat } from './file-format.ts';
import type { FileRecord } from './file-records.ts';

/** CSV (RFC 4180). The first record is a header if one of its fields is the name of a feature. */
export function createCsvFormat(manifest: PublicManifest): FileFormat {
  const features = manifest.features.map(({ name }) => name);
  const toNames = (header: FileRecord | undefined) => (header ? parseFields(header.text) : features);
  return {
    mediaType: 'text/csv',
    hasQuotes: true,
    isHeader: ({ text }) => parseFields(text).some((field) => features.includes(field)),
    findProblem: () => undefined,
    toRequest: (header, rows, isFirst) => ({
      text: [...(header ? [header] : []), ...rows].map(({ text }) => text).join('\n'),
      type: toType(header, isFirst),
      ignored: findUnknown(toNames(header), features),
      before: header ? 1 : 0,
      isUnclear: isFirst && !header,
    }),
    toNames,
    toValues: ({ text }) => parseFields(text),
    toRow({ text }, header) {
      const fields = parseFields(text);
      const names = toNames(header);
      return manifest.features.map(
        (feature) => toValue(fields[names.indexOf(feature.name)] ?? '', feature as Feature) as Value,
      );
    },
    writeHeader(header, explains) {
      const answers = [...toCellNames(manifest), ...(explains ? ['reasons'] : [])];
      return `${header?.text ?? toFields(features)},${toFields(answers)}\r\n`;
    },
    writeRow({ text }, prediction) {
      const { reasons } = prediction;
      const cells = [...toCells(prediction, manifest), ...(reasons ? [toClassCell(reasons.join('; '))] : [])];
      return `${text},${toFields(cells)}\r\n`;
    },
  };
}

/**
 * The content type of a request. If the page found no header, the first request leaves it open whether it has one, and
 * the API decides. If its first record is neither a header nor a row, the API's error says what is wrong with it.
 */
function toType(header: FileRecord | undefined, isFirst: boolean): string {
  if (header) return 'text/csv; header=present';
  return isFirst ? 'text/csv' : 'text/csv; header=absent';
}

/**
 * The columns that the model does not know. Empty if a feature has no column: then the API must see all names, because
 * its error suggests which one was meant.
 */
function findUnknown(names: readonly string[], features: readonly string[]): readonly string[] {
  if (!features.every((name) => names.includes(name))) return [];
  return names.filter((name) => !features.includes(name));
}
