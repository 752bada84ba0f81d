// What calls fail with, where they have to.

/** What `run` throws or rejects with. */
export async function failureOf(run: () => unknown): Promise<unknown> {
  let result: unknown
  try {
    result = await run()
  } catch (error) {
    return error
  }
  throw new Error(`It did not fail but gave ${String(result)}`)
}

/** The error of this class that `run` throws. */
export function thrown<E extends Error>(
  errorClass: abstract new (...args: never[]) => E,
  run: () => unknown,
): E {
  try {
    run()
  } catch (error) {
    if (error instanceof errorClass) return error
    throw error
  }
  throw new Error(`It did not throw a ${errorClass.name}`)
}
