interface Outcome<Input, Output> {
  readonly onAnswer: (output: Output, input: Input) => void;
  readonly onError: (error: unknown, input: Input) => void;
}

/**
 * Runs one call at a time. The next one gets the newest input, and waits at least `pauseMs` after the last. So answers
 * come in the order of their inputs, and dragging a slider does not make Lambda start a second environment.
 */
export function createLatest<Input, Output>(
  run: (input: Input) => Promise<Output>,
  { onAnswer, onError }: Outcome<Input, Output>,
  pauseMs: number,
): (input: Input) => void {
  let waiting: { readonly input: Input } | undefined;
  let isBusy = false;

  const drain = async () => {
    isBusy = true;
    while (waiting) {
      const { input } = waiting;
      waiting = undefined;
      await run(input).then(
        (output) => onAnswer(output, input),
        (error: unknown) => waiting ?? onError(error, input),
      );
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
    isBusy = false;
  };

  return (input) => {
    waiting = { input };
    if (!isBusy) void drain();
  };
}

/** Delays a call until `ms` milliseconds have passed without a newer one. Only the newest call is made. */
export function afterPause<Input>(ms: number, call: (input: Input) => void): (input: Input) => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  return (input) => {
    clearTimeout(timer);
    timer = setTimeout(call, ms, input);
  };
}
