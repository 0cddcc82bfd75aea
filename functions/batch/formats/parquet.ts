import type { InputFormat, OutputFormat } from './format.ts';
import { assemble } from './parquet/assemble.ts';
import { cut } from './parquet/cut.ts';
import { createPart } from './parquet/part.ts';
import { read } from './parquet/read.ts';

/** Apache Parquet. It takes 220 kB of libraries: import it when a table of this format comes. */
export const parquet: InputFormat & OutputFormat = { cut, read, createPart, assemble };
