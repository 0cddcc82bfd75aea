/** What the page draws for a widget. */
export interface Panel {
  readonly title: string;
  readonly place: Readonly<Record<'x' | 'y' | 'width' | 'height', number>>;
  readonly text?: string;
  readonly chart?: Chart;
  /** What of the widget is not drawn here, and why. */
  readonly missing: readonly string[];
}

export interface Chart {
  /** Seconds since 1970. */
  readonly times: readonly number[];
  readonly series: readonly Series[];
  readonly axes: Readonly<Partial<Record<'left' | 'right', string>>>;
  readonly stacked: boolean;
  readonly thresholds: readonly { readonly label: string; readonly value: number }[];
}

export interface Series {
  readonly label: string;
  readonly axis: 'left' | 'right';
  readonly values: readonly (number | null)[];
}
