// The failure of a call that sends several requests, some of which were carried out: its outcome is never 'not-sent'.
import {
  CodecError,
  ConnectionError,
  MapInactiveError,
  RequestTimeoutError,
  SessionClosedError,
} from '../errors'

/** The same failure, of a call that may have had an effect. Others than ours stay as they are. */
export function afterPart(error: unknown): unknown {
  if (error instanceof CodecError) {
    const { path } = error
    return new CodecError(`${error.message} (what came before it was carried out)`, { path, cause: error })
  }
  if (!hasOutcome(error) || error.outcome === 'unknown') return error
  const message = `${error.message} (other parts of the call were carried out)`
  const common = { outcome: 'unknown', cause: error } as const
  if (error instanceof ConnectionError)
    return new ConnectionError(message, { address: error.address, ...common })
  if (error instanceof SessionClosedError) return new SessionClosedError(message, common)
  if (error instanceof RequestTimeoutError) {
    const { operation, timeoutSeconds } = error
    return new RequestTimeoutError(message, { operation, timeoutSeconds, ...common })
  }
  const { mapName, reason } = error
  return new MapInactiveError(message, { mapName, reason, ...common })
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
