/** Formats a text as a CSV field, quoted if it holds a quote, a comma or a line break. */
export function toCell(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
