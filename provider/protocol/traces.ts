/**
 * The SDK makes dozens of promises for each resource and, for each of them, formats a stack trace through the
 * program's source maps. Only `PULUMI_DEBUG_PROMISE_LEAKS` ever prints these traces, and they are most of the time
 * that a preview spends in the program, so our constructors leave them out.
 *
 * `Error.stackTraceLimit = 0` would be simpler. But a resource's constructor also runs the user's transformations,
 * and in it the SDK creates the error that reports a failed registration: these would have no trace either. V8
 * formats a trace when it is first read, so we only change how those of the promises are formatted.
 */

/** The SDK's function that reads a trace for each promise. */
const READER = "debuggablePromise";

/**
 * Leaves out the traces of the SDK's promises until the function that it returns is called. Nothing may be
 * awaited in between.
 */
export function pausePromiseTraces(): () => void {
  const format: unknown = Error.prepareStackTrace;
  if (typeof format !== "function" || process.env.PULUMI_DEBUG_PROMISE_LEAKS) return resumeNothing;
  // Node applies its own source maps only while nobody else formats, and the user's line needs them.
  if (process.sourceMapsEnabled) return resumeNothing;
  const formatOthers: typeof Error.prepareStackTrace = (error, frames) =>
    frames[0]?.getFunctionName() === READER ? "" : format.call(Error, error, frames);
  // `Reflect.set`, because an assignment throws in a program that has frozen `Error`.
  Reflect.set(Error, "prepareStackTrace", formatOthers);
  return () => {
    if (Error.prepareStackTrace === formatOthers) Reflect.set(Error, "prepareStackTrace", format);
  };
}

function resumeNothing(): void {}
