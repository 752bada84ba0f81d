// Reads settings from environment variables.

/** The environment variables: `process.env`, or a substitute for it. */
export type Environment = Readonly<Record<string, string | undefined>>

/** Returns the text of a variable; `undefined` if it is unset or empty. */
export function variable(environment: Environment, variableName: string): string | undefined {
  const text = environment[variableName]
  return text === '' ? undefined : text
}
