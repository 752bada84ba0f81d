// Settings that come from environment variables.

/** Where environment variables are read from: `process.env`, or a stand-in for it. */
export type Environment = Readonly<Record<string, string | undefined>>

/** The text of a variable, or `undefined` where it is unset or empty. */
export function variable(environment: Environment, variableName: string): string | undefined {
  const text = environment[variableName]
  return text === '' ? undefined : text
}
