// Checks the options of functions that make queries, and of the servers for tests.
import { holdsOptions } from './holds-options'
import { shown } from './server-object'

/**
 * Returns the options, which are an object with no members but those in `known`.
 *
 * @throws {TypeError} they are not.
 */
export function checkedOptions(
  caller: string,
  options: unknown,
  known: readonly string[],
): Readonly<Record<string, unknown>> {
  const names = known.join(', ')
  if (!holdsOptions(options))
    throw new TypeError(`${caller} got ${shown(options)} as the options: pass an object with ${names}`)
  for (const name of Object.keys(options)) {
    if (!known.includes(name))
      throw new TypeError(`${caller} got an option named '${name}': the options are ${names}`)
  }
  return options
}

/**
 * Returns a flag among the options; `undefined` if it was left out.
 *
 * @throws {TypeError} it is neither `true` nor `false`.
 */
export function flagIn(
  caller: string,
  options: Readonly<Record<string, unknown>>,
  name: string,
): boolean | undefined {
  const { [name]: flag } = options
  if (flag === undefined || typeof flag === 'boolean') return flag
  throw new TypeError(`${caller} got ${shown(flag)} as ${name}: pass true or false`)
}
