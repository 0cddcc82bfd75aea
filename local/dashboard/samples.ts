/** One value of a metric. */
export interface Sample {
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly value: number;
}

/** A document in the embedded metric format. */
interface MetricDocument {
  readonly _aws: { readonly Timestamp: number; readonly CloudWatchMetrics: readonly Directive[] };
  readonly [member: string]: unknown;
}

interface Directive {
  readonly Namespace: string;
  readonly Dimensions: readonly (readonly string[])[];
  readonly Metrics: readonly { readonly Name: string }[];
}

export interface Samples {
  /** Adds printed text. Lines without metrics are skipped. */
  add(text: string): void;
  since(time: number): readonly Sample[];
}

/** The most characters of printed text that are kept. The line of a request has about a thousand. */
const mostCharacters = 20_000_000;

/** Keeps the metrics that the handler has written lately. */
export function createSamples(): Samples {
  // Lines are parsed only when somebody opens the dashboard, because parsing a line takes as long as a prediction.
  let texts: { readonly at: number; readonly text: string }[] = [];
  let characters = 0;
  return {
    add(text) {
      texts.push({ at: Date.now(), text });
      characters += text.length;
      if (characters <= mostCharacters) return;
      texts = texts.slice(texts.length / 2);
      characters = texts.reduce((total, { text: { length } }) => total + length, 0);
    },
    since(time) {
      // Text that was printed before `time` has only values from before `time`.
      const recent = texts.filter(({ at }) => at >= time);
      const lines = recent.flatMap(({ text }) => text.split('\n')).filter((line) => line.includes('"_aws"'));
      return lines.flatMap(toSamples).filter((sample) => sample.time >= time);
    },
  };
}

function toSamples(line: string): readonly Sample[] {
  const document = parseDocument(line);
  if (!document) return [];
  const { Timestamp: time, CloudWatchMetrics } = document._aws;
  return CloudWatchMetrics.flatMap(({ Namespace: namespace, Dimensions, Metrics }) =>
    Dimensions.flatMap((names) => {
      const dimensions = Object.fromEntries(names.map((name) => [name, String(document[name])]));
      return Metrics.flatMap(({ Name: name }) => {
        const values = [document[name]].flat().map(Number);
        return values.map((value) => ({ time, namespace, name, dimensions, value }));
      });
    }),
  );
}

function parseDocument(line: string): MetricDocument | undefined {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
