// What the compiler makes of errors: each class can be made with its fields, by whoever tests what happens then, and
// `instanceof` gives the fields of the class.
import {
  type AnyCoherenceError,
  AuthenticationError,
  CodecError,
  CoherenceError,
  type CoherenceErrorCode,
  ConnectionError,
  EventOverflowError,
  InvalidOptionsError,
  MapInactiveError,
  type OptionIssue,
  type Outcome,
  ProtocolError,
  RequestTimeoutError,
  ServerError,
  SessionClosedError,
  UnsupportedError,
} from 'coherence-ts'

type Same<A, B> =
  (<T>(value: T) => T extends A ? 1 : 2) extends <T>(value: T) => T extends B ? 1 : 2 ? true : false

/** Compiles where the value is of exactly the type `Wanted`. */
declare function is<Wanted>(): <A>(value: A, exactly: Same<A, Wanted>) => void

const cause = new Error('why')

export const ALL: readonly CoherenceError[] = [
  new InvalidOptionsError('no', { issues: [{ option: 'scope', message: 'no' }], cause }),
  new SessionClosedError('no', { outcome: 'unknown', cause }),
  new MapInactiveError('no', { mapName: 'm', reason: 'released', outcome: 'not-sent', cause }),
  new ConnectionError('no', { address: 'localhost:1408', outcome: 'not-sent', cause }),
  new AuthenticationError('no', { cause }),
  new RequestTimeoutError('no', { operation: 'get', timeoutSeconds: 5, outcome: 'unknown', cause }),
  new ServerError('no', {
    operation: 'get',
    mapName: 'm',
    serverMessage: 'no',
    javaClass: 'java.io.EOFException',
    cause,
  }),
  new UnsupportedError('no', { required: 'v1', offered: 'v0', cause }),
  new ProtocolError('no', { cause }),
  new CodecError('no', { path: 'value', outcome: 'applied', cause }),
  new EventOverflowError('no', { mapName: 'm', maxBufferedEvents: 5, cause }),
]

/** What need not be there. */
export const FEWEST: readonly CoherenceError[] = [
  new AuthenticationError('no'),
  new ProtocolError('no'),
  new CodecError('no', { path: 'value' }),
  new ServerError('no', { operation: 'create', serverMessage: '', mapName: undefined, javaClass: undefined }),
  new ConnectionError('no', { address: 'localhost:1408', outcome: 'not-sent', cause: undefined }),
]

export function refused(): void {
  // @ts-expect-error an outcome that there is not
  new SessionClosedError('no', { outcome: 'applied' })
  // @ts-expect-error no address
  new ConnectionError('no', { outcome: 'unknown' })
  // @ts-expect-error the fields are missing
  new RequestTimeoutError('no')
  // @ts-expect-error a field of another class
  new ProtocolError('no', { outcome: 'unknown' })
  // @ts-expect-error the base is abstract
  new CoherenceError('no')
}

export function fields(error: unknown): void {
  if (error instanceof InvalidOptionsError) is<readonly OptionIssue[]>()(error.issues, true)
  if (error instanceof ConnectionError) {
    is<ConnectionError>()(error, true)
    is<string>()(error.address, true)
    is<Outcome>()(error.outcome, true)
  }
  if (error instanceof ServerError) {
    is<string>()(error.serverMessage, true)
    is<string | undefined>()(error.javaClass, true)
    is<ServerError>()(error, true)
  } else if (error instanceof CoherenceError) {
    is<CoherenceErrorCode>()(error.code, true)
  }
}

declare function none(value: never): unknown

/** Every class has a code of its own, and there are no others: without one of the cases this does not compile. */
export function detailOf(error: AnyCoherenceError): unknown {
  switch (error.code) {
    case 'ERR_COHERENCE_OPTIONS':
      return error.issues
    case 'ERR_COHERENCE_SESSION_CLOSED':
      return error.outcome
    case 'ERR_COHERENCE_MAP_INACTIVE':
      return error.reason
    case 'ERR_COHERENCE_CONNECTION':
      return error.address
    case 'ERR_COHERENCE_AUTHENTICATION':
      return error.message
    case 'ERR_COHERENCE_TIMEOUT':
      return error.timeoutSeconds
    case 'ERR_COHERENCE_SERVER':
      return error.serverMessage
    case 'ERR_COHERENCE_UNSUPPORTED':
      return error.required
    case 'ERR_COHERENCE_PROTOCOL':
      return error.cause
    case 'ERR_COHERENCE_CODEC':
      return error.path
    case 'ERR_COHERENCE_EVENT_OVERFLOW':
      return error.maxBufferedEvents
    default:
      return none(error)
  }
}

export const ALL_CODES: Same<AnyCoherenceError['code'], CoherenceErrorCode> = true

export function known(error: CoherenceError): AnyCoherenceError {
  return error as AnyCoherenceError
}

export class OwnError extends ConnectionError {
  constructor(readonly attempt: number) {
    super('no', { address: 'localhost:1408', outcome: 'unknown' })
  }
}

export function own(error: unknown): void {
  if (error instanceof OwnError) is<number>()(error.attempt, true)
}
