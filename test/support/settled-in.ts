// How long calls take, and what they fail with.

/** `error` is undefined where the promise is fulfilled. */
export async function settledIn(promise: Promise<unknown>): Promise<{ seconds: number; error: unknown }> {
  const start = performance.now()
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  return { seconds: (performance.now() - start) / 1_000, error }
}
