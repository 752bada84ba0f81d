// Checks of what the servers for tests are called with. Wrong arguments are refused before anything happens.
import { checkedOptions, flagIn } from '../query/checked-options'
import { holdsOptions } from '../query/holds-options'
import { shown } from '../query/server-object'

export { checkedOptions, flagIn, shown }

/** @throws {TypeError} it is not an integer between the two. */
export function checkInteger(
  caller: string,
  name: string,
  value: unknown,
  least: number,
  most: number,
): void {
  if (Number.isInteger(value) && Number(value) >= least && Number(value) <= most) return
  refuse(caller, name, value, `an integer from ${least} to ${most}`)
}

/** @throws {TypeError} it is not a finite number of 0 or more. */
export function checkSeconds(caller: string, name: string, value: unknown): void {
  if (typeof value === 'number' && value >= 0 && value < Infinity) return
  refuse(caller, name, value, 'a finite number of seconds, 0 or more')
}

/** @throws {TypeError} it is not a string of one character or more. */
export function checkText(caller: string, name: string, value: unknown, wanted: string): void {
  if (typeof value !== 'string' || value === '') refuse(caller, name, value, wanted)
}

/**
 * @param isRight What each member has to be.
 * @throws {TypeError} it is no object, or one of its members is wrong.
 */
export function checkMembers(
  caller: string,
  name: string,
  value: unknown,
  isRight: (member: unknown) => boolean,
  wanted: string,
): void {
  if (!holdsOptions(value)) refuse(caller, name, value, `an object with ${wanted}`)
  for (const [member, of] of Object.entries(value)) {
    if (!isRight(of)) refuse(caller, `${name}.${member}`, of, wanted)
  }
}

/** @throws {TypeError} always. */
export function refuse(caller: string, name: string, value: unknown, wanted: string): never {
  throw new TypeError(`${caller} got ${name} ${shown(value)}: pass ${wanted}`)
}
