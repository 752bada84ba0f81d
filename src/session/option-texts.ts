// How wrong options are told: what was given, without ever showing a secret, and which option was meant.
import { isUint8Array } from 'node:util/types'
import { describeFunction } from '../cache/described-value'
import { InvalidOptionsError, type OptionIssue } from '../errors'

const LONGEST_SHOWN = 80

/** Something is wrong with an option or a variable: what was given, and a clause that says what is wanted. */
export function issue(option: string, given: string, wanted: string): OptionIssue {
  return { option, message: `${option} is ${given}; ${wanted}` }
}

/** All that is wrong with options, as one error. */
export function invalidOptions(issues: readonly OptionIssue[], cause?: unknown): InvalidOptionsError {
  const message = `Invalid options: ${issues.map((issue) => issue.message).join('; ')}`
  return new InvalidOptionsError(message, { issues, cause })
}

/** What was given, fit for an error text: key material, passwords in URLs and contents of objects are left out. */
export function show(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return showText(value)
    case 'number':
      return Object.is(value, -0) ? '-0' : String(value)
    case 'bigint':
      return `${value}n`
    case 'boolean':
    case 'undefined':
      return String(value)
    case 'symbol':
      return 'a symbol'
    case 'function':
      return describeFunction(value)
    case 'object':
      if (value === null) return 'null'
      return Array.isArray(value) ? 'an array' : isUint8Array(value) ? 'bytes' : 'an object'
  }
}

/** What was given where its text may be a secret. */
export function kindOf(value: unknown): string {
  return typeof value === 'string' ? (value === '' ? 'empty' : 'a string') : show(value)
}

/** `"; did you mean 'address'?"` where `key` is nearly one of `known`, nothing otherwise. */
export function didYouMean(key: string, known: readonly string[]): string {
  const nearest = known
    .map((name) => ({ name, distance: editDistance(key.toLowerCase(), name.toLowerCase()) }))
    .filter(({ name, distance }) => distance <= Math.max(1, Math.floor(name.length / 4)))
    .sort((one, other) => one.distance - other.distance)[0]
  return nearest === undefined ? '' : `; did you mean '${nearest.name}'?`
}

function showText(text: string): string {
  if (text.includes('-----BEGIN')) return 'the text of a PEM file'
  const shown = text.replace(/\/\/[^@]*@/, '//***@')
  return shown.length > LONGEST_SHOWN ? `'${shown.slice(0, LONGEST_SHOWN)}...'` : `'${shown}'`
}

/** How many characters must be put in, taken out or changed to get from one text to the other. */
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
