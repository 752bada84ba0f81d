// Explains the default address in connection errors, because a user who set no address may not know it.
import { ConnectionError } from '../../errors'
import { VARIABLES } from './options-schema'

/** Options whose address is the default. */
const defaulted = new WeakSet<object>()

export function markDefaultAddress(options: object): void {
  defaulted.add(options)
}

export function hasDefaultAddress(options: object): boolean {
  return defaulted.has(options)
}

/** Returns a failure to connect, with an explanation of the address if that is the default. */
export function explainAddress(error: unknown, options: object): unknown {
  if (!(error instanceof ConnectionError) || !defaulted.has(options)) return error
  const { message, address, outcome, cause } = error
  return new ConnectionError(
    `${message}; ${address} is the default, as ${VARIABLES.address} is not set and the option address is not given: ` +
      'give one of them where the server is elsewhere',
    { address, outcome, cause },
  )
}
