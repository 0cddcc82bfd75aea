import { createAnalyzer } from '../text/analyzer.ts';
import { boundTerms, mostTermCharacters } from '../text/size.ts';
import { analyzersOf, feedsOf, isText } from './inputs.ts';
import { type Manifest, toPlaces } from './manifest.ts';
import { countRun } from './pairs.ts';
import { joinSlices, sliceRows } from './row-slices.ts';
import type { Run, Tensor, Tensors } from './tensor.ts';

/** A model input that takes the terms of one text feature. */
interface TermInput {
  readonly name: string;
  /** The texts of all rows. */
  textsOf(feeds: Tensors, rows: number): readonly string[];
  analyze(text: string): string;
  /** An upper bound for the characters of all terms of a text of this length. */
  bound(length: number): number;
}

/** Wraps `run` so that it makes terms of the texts first. Undefined for a model without free text. */
export function withTerms(manifest: Manifest): ((run: Run) => Run) | undefined {
  if (!manifest.features.some(isText)) return undefined;
  const termInputs = new Map(toTermInputs(manifest).map((input) => [input.name, input]));
  return (run) => {
    const runDivided: Run = async (feeds) => {
      const [rows = 0] = Object.values(feeds)[0]?.dims ?? [];
      if (isTooMuch([...termInputs.values()], feeds, rows)) {
        const middle = toEven(rows / 2);
        const first = await runDivided(sliceRows(feeds, 0, middle));
        return joinSlices([first, await runDivided(sliceRows(feeds, middle, rows))]);
      }
      return run(toInputs(manifest, termInputs, feeds, rows));
    };
    return runDivided;
  };
}

function toTermInputs(manifest: Manifest): readonly TermInput[] {
  const feeds = feedsOf(manifest);
  return toPlaces(manifest).flatMap(({ input, offset, stride }, index) => {
    const feed = feeds[input]?.name ?? '';
    const feature = manifest.features[index] as Manifest['features'][number];
    return analyzersOf(feature).map((options) => ({
      name: options.input,
      textsOf: (fed: Tensors, rows: number) => {
        const data = fed[feed]?.data as string[];
        return Array.from({ length: rows }, (_, row) => data[offset + row * stride] as string);
      },
      analyze: createAnalyzer(options),
      bound: (length: number) => boundTerms(length, options),
    }));
  });
}

/**
 * Whether the terms of these rows need too much memory. The graph reserves room for the longest text's terms in every
 * row, including the repeated ones (see inPairs).
 */
function isTooMuch(termInputs: readonly TermInput[], feeds: Tensors, rows: number): boolean {
  if (rows <= 2) return false;
  return termInputs.some(({ textsOf, bound }) => {
    const longest = textsOf(feeds, rows).reduce((most, { length }) => Math.max(most, length), 0);
    return countRun(rows) * bound(longest) > mostTermCharacters;
  });
}

/** Rounds half of the rows up to an even number: an odd one would make the run repeat a row (see inPairs). */
function toEven(rows: number): number {
  return 2 * Math.ceil(rows / 2);
}

/** The model's inputs in the order of model.json. */
function toInputs(
  { inputs }: Manifest,
  termInputs: ReadonlyMap<string, TermInput>,
  feeds: Tensors,
  rows: number,
): Tensors {
  return Object.fromEntries(
    inputs.map(({ name }): [string, Tensor] => {
      const termInput = termInputs.get(name);
      if (!termInput) return [name, feeds[name] as Tensor];
      const data = analyzeEach(termInput.textsOf(feeds, rows), termInput.analyze);
      return [name, { dtype: 'string', dims: [rows, 1], data }];
    }),
  );
}

/** Analyzes equal texts only once, because the mixed rows of an explanation repeat few texts many times. */
function analyzeEach(texts: readonly string[], analyze: TermInput['analyze']): string[] {
  const analyzed = new Map<string, string>();
  return texts.map((text) => {
    const terms = analyzed.get(text) ?? analyze(text);
    analyzed.set(text, terms);
    return terms;
  });
}
