// The check of a plain object of options. A schema takes longer to make than to use once, and a process that starts
// waits for it: it is made of those options that are given.
import * as z from 'zod/mini'

/** How the value of each option is checked; any may be left out. */
export type OptionShape = Readonly<Record<string, () => z.ZodMiniOptional>>

type Checks<S extends OptionShape> = { [K in keyof S]: ReturnType<S[K]> }
type Schema<S extends OptionShape> = z.ZodMiniObject<Checks<S>, z.core.$strict>

/** What a plain object of these options may hold. */
export type InputOf<S extends OptionShape> = z.input<Schema<S>>

/** The options in `input`, or all that is wrong with them, options that are not in `shape` among it. */
export function checkGiven<S extends OptionShape>(
  shape: S,
  input: Readonly<Record<string, unknown>>,
): ReturnType<Schema<S>['safeParse']> {
  const given = Object.entries(shape).filter(([option]) => option in input)
  const checks = Object.fromEntries(given.map(([option, check]) => [option, check()])) as Checks<S>
  return z.strictObject(checks).safeParse(input, { reportInput: true })
}
