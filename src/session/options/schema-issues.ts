// Converts the issues of zod to those of this library. It names no type of zod, so that none gets into declarations.
import type { OptionIssue } from '../../errors'
import { didYouMean, issue, kindOf, show } from './option-texts'

/** The members of a zod issue that are used here. */
interface ReportedIssue {
  readonly code: string
  readonly path: readonly PropertyKey[]
  readonly message: string
  readonly input?: unknown
  readonly keys?: readonly unknown[]
}

/** Parse options of all schemas: issues contain the input, and zod compiles no code for a schema that is used once. */
export const REPORTING = { reportInput: true, jitless: true } as const

/** Additional advice for unknown keys, by key. */
export type UnknownKeyHints = Readonly<Record<string, string>>

/**
 * Converts all issues of a schema. `parent` is the option whose members were checked; it is left out if all options
 * were. The values of the options in `concealed` are not shown.
 */
export function schemaIssues(
  reported: readonly ReportedIssue[],
  known: readonly string[],
  hints: UnknownKeyHints = {},
  parent?: string,
  concealed: readonly string[] = [],
): OptionIssue[] {
  return reported.flatMap((found) => {
    if (found.code === 'unrecognized_keys') {
      return (found.keys ?? [])
        .map(String)
        .map((key) => unknownOption(nested(parent, key), key, known, hints))
    }
    const option = nested(parent, ...found.path)
    return [
      issue(
        option,
        concealed.includes(String(found.path[0])) ? kindOf(found.input) : show(found.input),
        found.message,
      ),
    ]
  })
}

function unknownOption(
  option: string,
  key: string,
  known: readonly string[],
  hints: UnknownKeyHints,
): OptionIssue {
  const hint = Object.hasOwn(hints, key) ? `; ${hints[key] ?? ''}` : didYouMean(key, known)
  return { option, message: `'${option}' is not an option${hint}` }
}

function nested(parent: string | undefined, ...path: readonly PropertyKey[]): string {
  return [...(parent === undefined ? [] : [parent]), ...path].map(String).join('.')
}
