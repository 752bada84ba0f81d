// What can be told of a failure on the server from its text, which is all that servers give.
import { ServerError } from '../errors'

/** The server could not print the answer, and has done nothing: some servers never can for some requests. */
export function cannotAnswer(error: unknown): boolean {
  return error instanceof ServerError && error.message.includes('Failed to serialize object')
}
