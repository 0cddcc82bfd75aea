/** The content of the dashboard's page. */
export interface Board {
  /** The name and the version of the model. */
  readonly model: string;
  /** The start of each period that the charts show, in seconds since 1970. */
  readonly times: readonly number[];
  readonly periodSeconds: number;
  /** How many times shorter the periods of alarms are here than in CloudWatch. */
  readonly speed: number;
  readonly panels: readonly Panel[];
  /** The labels of metrics that are not measured here. */
  readonly unmeasured: readonly string[];
  /** The steps of a demo, in their order. Empty if none is running. */
  readonly acts: readonly Act[];
}

export interface Act {
  readonly title: string;
  readonly text: string;
  /** Seconds since 1970. */
  readonly start: number;
  readonly end: number;
}

export interface Panel {
  readonly title: string;
  readonly place: Readonly<Record<'x' | 'y' | 'width' | 'height', number>>;
  readonly content: Content;
  /** Why parts of the widget cannot be drawn. */
  readonly problems: readonly string[];
}

export type Content =
  | { readonly kind: 'alarms'; readonly alarms: readonly AlarmHistory[] }
  | { readonly kind: 'figures'; readonly figures: readonly Figure[] }
  | { readonly kind: 'bars'; readonly bars: readonly Figure[] }
  | { readonly kind: 'chart'; readonly chart: Chart }
  | { readonly kind: 'none' };

/** A labelled number. It is null if there is no data. */
export interface Figure {
  readonly label: string;
  readonly value: number | null;
}

export interface Chart {
  readonly unit: string;
  readonly series: readonly Series[];
  readonly stacked: boolean;
  readonly thresholds: readonly Threshold[];
}

export interface Series {
  readonly label: string;
  readonly values: readonly (number | null)[];
}

export interface Threshold {
  readonly label: string;
  readonly value: number;
  /** Set if values above it mean that something is wrong. */
  readonly color?: string;
}

export type AlarmState = 'OK' | 'in alarm' | 'no data';

export interface AlarmHistory {
  readonly name: string;
  /** The description of the alarm in CloudWatch. */
  readonly description: string;
  /** The label of the metric that is compared with the threshold. */
  readonly label: string;
  /** The length of the alarm's period on this machine: its seconds in CloudWatch, divided by `speed`. */
  readonly seconds: number;
  /** The comparison in words, such as `above`. */
  readonly comparison: string;
  readonly threshold: number;
  /** The value at the end of each period. */
  readonly values: readonly (number | null)[];
  readonly states: readonly AlarmState[];
}
