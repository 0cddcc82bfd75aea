import type { InputFormat, OutputFormat } from './format.ts';
import { assemble } from './parquet/assemble.ts';
import { cut } from './parquet/cut.ts';
import { createPart } from './parquet/part.ts';
import { read } from './parquet/read.ts';

/** Apache Parquet. Its libraries are 220 kB: import this file only when a job uses Parquet. */
export const parquet: InputFormat & OutputFormat = { cut, read, createPart, assemble };
