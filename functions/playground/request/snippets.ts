import type { Feature, Row, Value } from '../model.ts';

type Record_ = Readonly<Record<string, Value>>;

/** Code that sends the row, by language. It runs as it is pasted. */
export function toSnippets(url: string, features: readonly Feature[], row: Row): Readonly<Record<string, string>> {
  const record = Object.fromEntries(features.map(({ name }, index) => [name, row[index] ?? null]));
  return { curl: toCurl(url, record), JavaScript: toJavaScript(url, record), Python: toPython(url, record) };
}

function toCurl(url: string, record: Record_): string {
  return `curl ${quoteForShell(url)} \\
  -H 'content-type: application/json' \\
  -d ${quoteForShell(toLines(record, '', JSON.stringify, ''))}`;
}

/** Quotes a text for a POSIX shell. A text without special characters stays bare. */
function quoteForShell(text: string): string {
  return /^[\w:/.@%+-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

function toJavaScript(url: string, record: Record_): string {
  return `const response = await fetch(${JSON.stringify(url)}, {
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(${toLines(record, '  ', JSON.stringify)}),
});
const { predictions } = await response.json();
console.log(predictions[0]);`;
}

function toPython(url: string, record: Record_): string {
  return `import json
import urllib.request

row = ${toLines(record, '', toPythonLiteral)}
request = urllib.request.Request(
    ${JSON.stringify(url)},
    json.dumps(row).encode(),
    {"content-type": "application/json"},
)
with urllib.request.urlopen(request) as response:
    print(json.load(response)["predictions"][0])`;
}

/** Strings and numbers are written alike in JSON and Python. */
function toPythonLiteral(value: Value): string {
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  return JSON.stringify(value);
}

/** Writes one member a line. The last one ends with `last`. */
function toLines(record: Record_, indent: string, toLiteral: (value: Value) => string, last = ','): string {
  const unit = indent || '    ';
  const members = Object.entries(record).map(
    ([name, value]) => `${indent}${unit}${JSON.stringify(name)}: ${toLiteral(value)}`,
  );
  return `{\n${members.join(',\n')}${last}\n${indent}}`;
}
