// Turns an error that the server sends into one of this library.
import { ServerError } from '../../../errors'
import type { ErrorMessage } from '../../../../gen/coherence/common/v1/common_messages_v1'
import { describeCall, type Call } from '../../../calls/call'
import { serverFailure } from '../../server-failure'

/** Whatever Java may call a class. */
const CLASS_NAME = /^\S{1,300}$/

/** The first byte of what is in the JSON format. */
const JSON_MARKER = 0x15

/**
 * The server no longer knows the cache id of a request. It looks ids up before it does anything, so the request was
 * not carried out. A server that shuts down answers like this until its streams end; the text is all it tells.
 */
export function isStaleCacheId(error: ErrorMessage): boolean {
  return error.message.startsWith('No cache proxy exist for id')
}

/**
 * The cache is being destroyed, by whomever. The news that it is comes after the errors of requests that were being carried
 * out (24.09; test/conformance/events/lifecycle.test.ts); the text is all it tells.
 */
export function isDestroyed({ message }: ErrorMessage): boolean {
  return message.endsWith('was explicitly released')
}

/** What a request gets that was being carried out when the server closed its side of the stream. */
const CLOSED_MEANWHILE = /(?:"channel"|CacheServiceProxy\.getChannel\(\)") is null$/

/**
 * The server has closed its side of the stream, as it does when it shuts down (25.03.2); nobody knows whether the
 * request was carried out. The text is all it tells.
 */
export function isStreamClosed({ message }: ErrorMessage): boolean {
  return message === 'this proxy channel is closed' || CLOSED_MEANWHILE.test(message)
}

/** A server that denies to know ids it gave out does so for a moment only. */
export const STALE_ID_LIMIT = 5

type Failed = Pick<Call, 'operation' | 'mapName'>

/** What the server says went wrong. */
export function serverError(call: Failed, { message, error }: ErrorMessage): ServerError {
  return failure(call, message, error === undefined ? undefined : classNameIn(error))
}

/** The same for another call that it happened to. */
export function serverErrorOf(call: Failed, error: ServerError): ServerError {
  return failure(call, error.serverMessage, error.javaClass)
}

function failure({ operation, mapName }: Failed, serverMessage: string, javaClassName?: string): ServerError {
  const { cause, javaClass, advice } = serverFailure(serverMessage, javaClassName)
  const where = `${describeCall({ operation, mapName })} failed on the server`
  const message = `${cause} (${where})${advice === undefined ? '' : `: ${advice}`}`
  return new ServerError(message, { operation, mapName, serverMessage, javaClass })
}

/** The class of an exception that the server sends along, if it does so in JSON. */
function classNameIn(exception: Buffer): string | undefined {
  if (exception[0] !== JSON_MARKER) return undefined
  try {
    const { name } = JSON.parse(exception.toString('utf8', 1)) as { readonly name?: unknown }
    return typeof name === 'string' && CLASS_NAME.test(name) ? name : undefined
  } catch {
    // The text says what went wrong; this is beside it.
    return undefined
  }
}
