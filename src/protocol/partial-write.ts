// The failure of a call that sends several requests, some of which were carried out: its outcome is never 'not-sent'.
import {
  CodecError,
  ConnectionError,
  MapInactiveError,
  RequestTimeoutError,
  SessionClosedError,
} from '../errors'

/** The same failure, of a call that may have had an effect. Others than ours stay as they are. */
export function afterPart(operation: string, error: unknown): unknown {
  if (error instanceof CodecError) {
    return new CodecError(`${error.message} (what came before it was carried out)`, error.path, {
      cause: error,
    })
  }
  if (!hasOutcome(error) || error.outcome === 'unknown') return error
  const message = `${error.message} (other parts of the call were carried out)`
  if (error instanceof ConnectionError) return new ConnectionError(message, error.address, 'unknown', error)
  if (error instanceof SessionClosedError) return new SessionClosedError(message, 'unknown', error)
  if (error instanceof RequestTimeoutError) {
    return new RequestTimeoutError(message, error.operation, error.timeoutSeconds, 'unknown', error)
  }
  return new MapInactiveError(operation, error.mapName, error.reason, 'unknown')
}

type WithOutcome = ConnectionError | SessionClosedError | RequestTimeoutError | MapInactiveError

function hasOutcome(error: unknown): error is WithOutcome {
  return (
    error instanceof ConnectionError ||
    error instanceof SessionClosedError ||
    error instanceof RequestTimeoutError ||
    error instanceof MapInactiveError
  )
}
