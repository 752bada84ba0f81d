// Runs functions of the user that nobody awaits: listeners, callbacks, loggers. Their errors are reported, also those of
// async functions.

/**
 * Calls `run`, and reports what it throws or rejects with. Returns a promise that resolves when an async function is done;
 * `undefined` for any other function.
 */
export function runReporting(
  run: () => unknown,
  report: (error: unknown) => void,
): Promise<unknown> | undefined {
  try {
    const result = run()
    return isThenable(result) ? Promise.resolve(result).catch(report) : undefined
  } catch (error) {
    report(error)
    return undefined
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function'
}
