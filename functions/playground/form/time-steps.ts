import { formatTime } from '../../core/model/timestamp.ts';

const second = 1_000_000;
const day = 86_400 * second;

/** A day, an hour, a minute or a second: what cuts a range into a hundred parts and more. */
export function stepOf(range: number): number {
  return [day, 3600 * second, 60 * second].find((step) => 100 * step <= range) ?? second;
}

/** No finer than the slider moves: of whole days the date alone. */
export function formatShortTime(microseconds: number, step: number): string {
  const text = formatTime(microseconds, null);
  if (step === day) return text.slice(0, '2024-05-01'.length);
  return text.slice(0, (step === second ? '2024-05-01T12:30:00' : '2024-05-01T12:30').length).replace('T', ' ');
}
