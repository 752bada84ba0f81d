// The option `address`, which is one address or several.
import { isOnThisMachine, parseAddress } from '../../transport/address'

export type Addresses = string | readonly string[]

export function addressList(addresses: Addresses): readonly string[] {
  return typeof addresses === 'string' ? [addresses] : addresses
}

/** Formats the addresses for error texts. */
export function addressText(addresses: Addresses): string {
  return addressList(addresses).join(', ')
}

/** Whether what is sent to any of them stays on this machine. */
export function areOnThisMachine(addresses: Addresses): boolean {
  return addressList(addresses).every(isOnThisMachine)
}

/** Returns the problem with one address; `undefined` if there is none. */
export function addressProblem(address: string): string | undefined {
  const parsed = parseAddress(address)
  return parsed.kind === 'invalid' ? parsed.reason : undefined
}

/** Reads the text of a variable: one address, or several that are separated by commas. */
export function addressesIn(text: string): Addresses {
  // The addresses of some targets are separated by commas themselves.
  if (!text.includes(',') || /^ipv[46]:/i.test(text)) return text
  return Object.freeze(text.split(',').map((address) => address.trim()))
}
