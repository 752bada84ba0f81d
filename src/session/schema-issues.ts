// From what zod reports to issues of our own. No type of zod is named here, so that none gets into declarations.
import type { OptionIssue } from '../errors'
import { didYouMean, issue, kindOf, show } from './option-texts'

/** What is read of an issue that zod reports. */
interface ReportedIssue {
  readonly code: string
  readonly path: readonly PropertyKey[]
  readonly message: string
  readonly input?: unknown
  readonly keys?: readonly unknown[]
}

/** How a schema is to parse: its issues have what was given, and no code is compiled for what is checked once. */
export const REPORTING = { reportInput: true, jitless: true } as const

/** What an unknown key gets to hear beyond being unknown, by key. */
export type UnknownKeyHints = Readonly<Record<string, string>>

/**
 * Everything the schema found wrong. `parent` is the option whose members were checked, where it was not all options;
 * of the options named in `concealed` no text is shown.
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
