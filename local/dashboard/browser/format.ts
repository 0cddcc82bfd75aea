/** Formats a number with few digits. A dash stands for no value. */
export function formatNumber(value: number | null | undefined): string {
  if (value == null) return '–';
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size < 0.0001) return value.toExponential(1);
  if (size < 100) return value.toLocaleString('en', { maximumSignificantDigits: 3 });
  return value.toLocaleString('en', { maximumFractionDigits: size < 1000 ? 1 : 0 });
}

/** Splits a label such as `p50 (ms)` into its name and its unit. */
export function splitUnit(label: string): { readonly name: string; readonly unit: string } {
  const [, name = label, unit = ''] = /^(.*) \(([^()]*)\)$/.exec(label) ?? [];
  return { name, unit };
}

export function formatTime(seconds: number): string {
  return new Date(seconds * 1000).toLocaleTimeString('en-GB');
}

export function formatMinute(seconds: number): string {
  return formatTime(seconds).slice(0, 5);
}
