/** A text as a field of CSV: in quotes where it must be. */
export function toCell(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
