// Formats the errors for wrong options: they show the value unless it may be a secret, and suggest the option meant.
import { plainKindOfObject, shown } from '../../calls/shown'
import { InvalidOptionsError, type OptionIssue } from '../../errors'

/**
 * Creates the issue for a wrong option or variable, from a text of its value and a clause that states what is valid.
 */
export function issue(option: string, actual: string, wanted: string): OptionIssue {
  return { option, message: `${option} is ${actual}; ${wanted}` }
}

/** Creates one error from all issues. */
export function invalidOptions(issues: readonly OptionIssue[], cause?: unknown): InvalidOptionsError {
  const message = `Invalid options: ${issues.map((issue) => issue.message).join('; ')}`
  return new InvalidOptionsError(message, { issues, cause })
}

/** Formats the wrong value of an option for error texts. */
export function show(value: unknown): string {
  return shown(value, plainKindOfObject)
}

/** Describes a value whose text may be a secret. */
export function kindOf(value: unknown): string {
  return typeof value === 'string' ? (value === '' ? 'empty' : 'a string') : show(value)
}

/** Returns `"; did you mean 'address'?"` if `key` is similar to one of `known`, otherwise an empty text. */
export function didYouMean(key: string, known: readonly string[]): string {
  const nearest = known
    .map((name) => ({ name, distance: editDistance(key.toLowerCase(), name.toLowerCase()) }))
    .filter(({ name, distance }) => distance <= Math.max(1, Math.floor(name.length / 4)))
    .sort((one, other) => one.distance - other.distance)[0]
  return nearest === undefined ? '' : `; did you mean '${nearest.name}'?`
}

/** Counts the characters to insert, remove or change to get from one text to the other. */
function editDistance(from: string, to: string): number {
  let previous = Array.from({ length: to.length + 1 }, (_, column) => column)
  for (let row = 1; row <= from.length; row++) {
    const current = [row]
    for (let column = 1; column <= to.length; column++) {
      const changed = (previous[column - 1] ?? 0) + (from[row - 1] === to[column - 1] ? 0 : 1)
      current.push(Math.min(changed, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1))
    }
    previous = current
  }
  return previous[to.length] ?? 0
}
