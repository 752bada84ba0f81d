// The door through which a server's error becomes ours.
import { ServerError } from '../../errors'
import type { ErrorMessage } from '../../../gen/coherence/common/v1/common_messages_v1'
import { describeCall, type Call } from '../call'

const FAILED = ' failed on the server: '

/**
 * The server no longer knows the cache id of a request. It looks ids up before it does anything, so the request was
 * not carried out. A server that shuts down answers like this until its streams end; the text is all it tells.
 */
export function isStaleCacheId(error: ErrorMessage): boolean {
  return error.message.startsWith('No cache proxy exist for id')
}

/**
 * The server has closed its side of the stream, as it does when it shuts down (25.03.2); nobody knows whether the
 * request was carried out. The text is all it tells.
 */
export function isStreamClosed(error: ErrorMessage): boolean {
  return error.message === 'this proxy channel is closed'
}

/** A server that denies to know ids it gave out does so for a moment only. */
export const STALE_ID_LIMIT = 5

/** What the server says went wrong. */
export function serverError(
  call: Pick<Call, 'operation' | 'mapName'>,
  error: Pick<ErrorMessage, 'message'>,
): ServerError {
  const { operation, mapName } = call
  return new ServerError(`${describeCall(call)}${FAILED}${error.message}`, operation, mapName)
}

/** The same for another call that it happened to. */
export function serverErrorOf(call: Pick<Call, 'operation' | 'mapName'>, error: ServerError): ServerError {
  const message = error.message.slice((describeCall(error) + FAILED).length)
  return serverError(call, { message })
}
