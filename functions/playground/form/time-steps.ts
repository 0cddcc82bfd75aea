import { formatTime } from '../../core/model/timestamp.ts';

const second = 1_000_000;
const day = 86_400 * second;

/**
 * The step of a slider in microseconds: the longest of a day, an hour and a minute that divides the range into at least
 * a hundred parts, else a second.
 */
export function stepOf(range: number): number {
  return [day, 3600 * second, 60 * second].find((step) => 100 * step <= range) ?? second;
}

/** Formats a time no finer than the step. If the step is a day, it is the date alone. */
export function formatShortTime(microseconds: number, step: number): string {
  const text = formatTime(microseconds, null);
  if (step === day) return text.slice(0, '2024-05-01'.length);
  return text.slice(0, (step === second ? '2024-05-01T12:30:00' : '2024-05-01T12:30').length).replace('T', ' ');
}
