import { cut } from './csv/cut.ts';
import { assemble, createPart } from './csv/part.ts';
import { read } from './csv/read.ts';
import type { InputFormat, OutputFormat } from './format.ts';

/** CSV with a header; core/csv/grammar.ts has the rules. */
export const csv: InputFormat & OutputFormat = { cut, read, createPart, assemble };
