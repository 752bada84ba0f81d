// Sorts the differences between two contracts into those that were expected and those that were not.
import type { Difference } from './contract'

/** A difference that is known and right, for some elements. */
export interface Exception {
  /** Full names; each must differ in just this way, or the exception is out of date. */
  readonly elements: readonly string[]
  readonly fact: string
  readonly here: string
  readonly there: string
  /** Why the two sides may differ. */
  readonly reason: string
}

/** What is left to look at once the exceptions are taken away. */
export interface Remainder {
  /** Differences that no exception covers. */
  readonly unexpected: readonly Difference[]
  /** Exceptions that cover nothing (any more), one for each element. */
  readonly outdated: readonly Difference[]
  /** How many differences were expected. */
  readonly expected: number
}

/** Takes the exceptions away from the differences. */
export function exceptFor(differences: readonly Difference[], exceptions: readonly Exception[]): Remainder {
  const allowed = exceptions.flatMap(({ elements, fact, here, there }) =>
    elements.map((element): Difference => ({ element, fact, here, there })),
  )
  const allowedKeys = new Set(allowed.map(keyOf))
  const foundKeys = new Set(differences.map(keyOf))
  const unexpected = differences.filter((difference) => !allowedKeys.has(keyOf(difference)))
  return {
    unexpected,
    outdated: allowed.filter((difference) => !foundKeys.has(keyOf(difference))),
    expected: differences.length - unexpected.length,
  }
}

function keyOf({ element, fact, here, there }: Difference): string {
  return JSON.stringify([element, fact, here, there])
}
