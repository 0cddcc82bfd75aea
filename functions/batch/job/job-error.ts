/**
 * The reasons that stop a job. Step Functions matches these names, and the command line has an exit status for each
 * kind.
 */
export type JobErrorName =
  /** An option is wrong, or a location that it names. */
  | 'InvalidJob'
  /** The input does not exist, or may not be read. */
  | 'InputNotFound'
  /**
   * No row of the input can fit the model, for example because the header lacks a feature; or the input cannot be read
   * to its end, for example because it is damaged.
   */
  | 'InvalidInput'
  /** The input has changed since the job was planned. */
  | 'InputChanged'
  /** The input is too large for one job. */
  | 'InputTooLarge'
  /** The model has changed since the job was planned. */
  | 'ModelChanged'
  /** More rows than `maxFailed` failed, or every row failed. The output is written nevertheless. */
  | 'TooManyFailedRows'
  /** A temporary failure, for example of the network. Trying again may succeed. */
  | 'Unavailable';

/**
 * An error for the user of a job. The message says what was expected, what came and where. It never quotes a value of a
 * row, because it is logged.
 */
export class JobError extends Error {
  override readonly name: JobErrorName;

  constructor(name: JobErrorName, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = name;
  }
}
