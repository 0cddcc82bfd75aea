/** What the page shows. */
export interface Board {
  /** Name and version. */
  readonly model: string;
  /** The beginnings of the periods that every chart has, in seconds since 1970. */
  readonly times: readonly number[];
  readonly periodSeconds: number;
  /** How many seconds of CloudWatch's a second is here. */
  readonly speed: number;
  readonly panels: readonly Panel[];
  /** What of the widgets nobody measures here. */
  readonly unmeasured: readonly string[];
  /** Of a demo: what it does, one after the other. */
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
  /** What of the widget cannot be drawn, and why. */
  readonly problems: readonly string[];
}

export type Content =
  | { readonly kind: 'alarms'; readonly alarms: readonly AlarmHistory[] }
  | { readonly kind: 'figures'; readonly figures: readonly Figure[] }
  | { readonly kind: 'bars'; readonly bars: readonly Figure[] }
  | { readonly kind: 'chart'; readonly chart: Chart }
  | { readonly kind: 'none' };

/** Null where there is nothing to tell of. */
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
  /** Of one that says that something is wrong. */
  readonly color?: string;
}

export type AlarmState = 'OK' | 'in alarm' | 'no data';

export interface AlarmHistory {
  readonly name: string;
  /** What it says in CloudWatch. */
  readonly description: string;
  /** What is compared, over how many seconds here, and with what. */
  readonly label: string;
  readonly seconds: number;
  readonly comparison: string;
  readonly threshold: number;
  /** At the end of each of the board's periods. */
  readonly values: readonly (number | null)[];
  readonly states: readonly AlarmState[];
}
