/** What stops a job: Step Functions matches these names, and the command line has an exit status for each kind. */
export type JobErrorName =
  /** The options of the job, or where they lead to, are wrong. */
  | 'InvalidJob'
  /** There is no such input, or it may not be read. */
  | 'InputNotFound'
  /** No row of the input can fit: its header lacks a feature, it is broken off, or is no table at all. */
  | 'InvalidInput'
  /** It is another file or object than the one that was planned. */
  | 'InputChanged'
  /** It is larger than one job may be. */
  | 'InputTooLarge'
  /** The model is another one than the job was planned with. */
  | 'ModelChanged'
  /** More rows than `maxFailed` have no prediction. The output is written. */
  | 'TooManyFailedRows'
  /** A fault that passes, as of the network: what failed may be tried again. */
  | 'Unavailable';

/** The message says what was expected, what came and where. It never quotes a value of a row: it is logged. */
export class JobError extends Error {
  override readonly name: JobErrorName;

  constructor(name: JobErrorName, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = name;
  }
}
