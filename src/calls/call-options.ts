// Begins and ends every call: checks its options, creates it, and creates the error that its caller gets.
import { now, soon } from '../async/real-time'
import type { Outcome } from '../errors'
import { type Call, SentRequests } from './call'
import { type CallerStack, captureFewCallers, fromCaller, wrongArgument } from './caller-stack'
import { shown as describe } from './shown'
import { CallTrace, isTraced } from './diagnostics'
import type { Traffic } from './traffic'
import { runReporting } from './user-code'
import { holdsOptions, unknownOption, wrongOptions } from './wrong-options'

export { shown as describe } from './shown'

/** Options that every method takes as its last argument. */
export interface CallOptions {
  /**
   * Cancels the call when it aborts; the call rejects with the signal's `reason`. A write that was sent already may
   * still be carried out; `onAborted` in the options reports whether it was sent.
   */
  readonly signal?: AbortSignal | undefined
  /**
   * Longest wait for the answer in seconds, counted from the call; for a streamed read the longest wait for the next
   * element. Fractions are allowed, `Infinity` waits for ever. Default: the session's `requestTimeoutSeconds`.
   */
  readonly timeoutSeconds?: number | undefined
}

/** Options that every method that changes entries takes as its last argument. */
export interface WriteOptions extends CallOptions {
  /**
   * Called if the call is cancelled because `signal` aborted, right before it rejects with the signal's reason.
   * `'not-sent'`: nothing was sent, and there is no effect. `'unknown'`: the server may have carried out the call, in
   * part or as a whole, or may still do so.
   *
   * An error that it throws becomes an `error` event of the session.
   */
  readonly onAborted?: ((outcome: Outcome) => void) | undefined
}

export const CALL_OPTIONS = ['signal', 'timeoutSeconds'] as const
export const WRITE_OPTIONS = [...CALL_OPTIONS, 'onAborted'] as const

/** Options whose names are checked. Their values may be anything. */
export type GivenOptions = Readonly<Record<string, unknown>>

const NONE: GivenOptions = Object.freeze({})

/** The map or the session that calls are made on. */
export interface CallOwner {
  /** The name of the map; `undefined` for the session. */
  readonly name: string | undefined
  readonly requestTimeoutSeconds: number
  /** Counts the calls of the session. */
  readonly traffic: Traffic
  /** Counts the calls in progress, for code that waits until there are none. */
  readonly lifecycle?: { began(): void; settled(): void } | undefined
  /** @throws {SessionClosedError | MapInactiveError} no call can be made. */
  assertUsable(operation: string): void
  /** Reports errors that callbacks of the user throw. */
  report(error: unknown): void
}

/**
 * Begins a call on a map or a session.
 *
 * @param known The names of the options that the operation has.
 * @param caller The stack of the code that makes the call. If it is left out, it is captured only if calls are few;
 *   otherwise the error of the call shows the code that awaits it.
 * @throws {TypeError} an option is wrong.
 * @throws {SessionClosedError | MapInactiveError} no call can be made.
 * @throws {ConnectionError} too many calls are pending.
 * @throws the signal's reason if it has aborted.
 */
export function beginCall(
  owner: CallOwner,
  operation: string,
  options: object | undefined,
  known: readonly string[],
  caller?: CallerStack,
): PendingCall {
  let call: PendingCall
  try {
    owner.assertUsable(operation)
    call = new PendingCall(owner, operation, checkedOptions(operation, options, known), caller)
  } catch (error) {
    throw fromCaller(error, caller, undefined)
  }
  call.begin()
  return call
}

/**
 * A call that has begun. It must end exactly once, by `end`.
 *
 * Writes copy their call. V8 copies an object ten times slower if it has `#private` members or if the copy gets a
 * further member. So this class has no `#private` members, and declares `onFinished`.
 */
export class PendingCall implements Call {
  readonly operation: string
  readonly mapName: string | undefined
  readonly timeoutSeconds: number
  readonly deadline: number
  readonly signal: AbortSignal | undefined
  readonly sent: SentRequests | undefined
  readonly onFinished: undefined
  private readonly trace: CallTrace | undefined
  private readonly owner: CallOwner
  private readonly options: GivenOptions
  private readonly caller: CallerStack | undefined

  /** @throws {TypeError} an option is wrong. */
  constructor(owner: CallOwner, operation: string, options: GivenOptions, caller: CallerStack | undefined) {
    const time = now()
    this.operation = operation
    this.mapName = owner.name
    this.timeoutSeconds = timeoutOf(operation, options, owner.requestTimeoutSeconds)
    this.deadline = time + this.timeoutSeconds * 1_000
    this.signal = signalOf(operation, options)
    this.sent = sentOf(operation, options)
    this.trace = undefined
    if (isTraced()) {
      this.sent ??= new SentRequests()
      this.trace = new CallTrace(this, this.sent)
    }
    this.owner = owner
    this.options = options
    this.caller = caller ?? captureFewCallers(time)
  }

  /**
   * @throws the signal's reason if it has aborted; `onAborted` is called after that.
   * @throws {ConnectionError} too many calls are pending.
   */
  begin(): void {
    try {
      this.throwIfAborted()
      this.owner.traffic.begin(this)
    } catch (error) {
      const failure = fromCaller(error, this.caller, this.signal)
      this.trace?.failed(failure)
      this.trace?.ended()
      throw failure
    }
    this.owner.lifecycle?.began()
  }

  /**
   * Calls `onAborted` if the call failed because its signal aborted.
   *
   * @returns the error that the call rejects with because of `error`. Its stack shows the code that made the call.
   */
  failure(error: unknown): unknown {
    this.reportAborted(error)
    const failure = fromCaller(error, this.caller, this.signal)
    this.owner.traffic.failedCalls += 1
    this.trace?.failed(failure)
    return failure
  }

  /** The call has its answer or its error. */
  end(): void {
    this.owner.traffic.end()
    this.owner.lifecycle?.settled()
    this.trace?.ended()
  }

  private throwIfAborted(): void {
    if (this.signal?.aborted !== true) return
    const reason: unknown = this.signal.reason
    // Later, so that the caller gets the promise first.
    soon(() => this.reportAborted(reason))
    throw reason
  }

  private reportAborted(error: unknown): void {
    if (this.options['onAborted'] !== undefined) reportAborted(error, this, this.options, this.owner)
  }
}

/** Calls `onAborted` if `error` is the reason of the signal. Reports an error that it throws to `settings`. */
export function reportAborted(
  error: unknown,
  { signal, sent }: Pick<Call, 'signal' | 'sent'>,
  { onAborted }: GivenOptions,
  settings: { report(error: unknown): void },
): void {
  if (signal?.aborted !== true || !Object.is(error, signal.reason) || sent === undefined) return
  const run = onAborted as (outcome: Outcome) => unknown
  void runReporting(
    () => run(sent.outcome),
    (thrown) => settings.report(thrown),
  )
}

/**
 * Creates a call without an explicit end: one of a stream, or one that the library makes for itself. Its timeout counts
 * from now.
 *
 * @throws {TypeError} an option is wrong.
 */
export function createCall(owner: CallOwner, operation: string, options: GivenOptions = NONE): Call {
  return startedNow(createStreamCall(owner, operation, options))
}

/**
 * Creates the call of a stream: its timeout applies to each wait for an element, and not to the whole stream.
 *
 * @throws {TypeError} an option is wrong.
 */
export function createStreamCall(owner: CallOwner, operation: string, options: GivenOptions): Call {
  return {
    operation,
    mapName: owner.name,
    timeoutSeconds: timeoutOf(operation, options, owner.requestTimeoutSeconds),
    deadline: Infinity,
    signal: signalOf(operation, options),
    sent: sentOf(operation, options),
  }
}

/** Returns the same call with its timeout counted from now. */
export function startedNow(call: Call): Call {
  return { ...call, deadline: now() + call.timeoutSeconds * 1_000 }
}

/**
 * Checks that `options` is an object with no members but those in `known`.
 *
 * @throws {TypeError} it is not, or it has other members.
 */
export function checkedOptions(operation: string, options: unknown, known: readonly string[]): GivenOptions {
  if (options === undefined) return NONE
  if (!holdsOptions(options)) throw wrongOptions(operation, options, known)
  for (const name of Object.keys(options)) {
    if (!known.includes(name)) throw unknownOption(operation, name, known)
  }
  return options
}

/** @throws {TypeError} the option is neither left out nor `true` or `false`. */
export function booleanOption(operation: string, name: string, options: GivenOptions): boolean {
  const value = options[name]
  if (value === undefined || typeof value === 'boolean') return value === true
  throw wrongArgument(`${operation}: ${name} is ${describe(value)}; pass true or false`)
}

function timeoutOf(operation: string, options: GivenOptions, defaultSeconds: number): number {
  const { timeoutSeconds } = options
  if (timeoutSeconds === undefined) return defaultSeconds
  if (typeof timeoutSeconds === 'number' && timeoutSeconds > 0) return timeoutSeconds
  throw wrongArgument(
    `${operation}: timeoutSeconds is ${describe(timeoutSeconds)}; pass a number of seconds above 0`,
  )
}

function signalOf(operation: string, options: GivenOptions): AbortSignal | undefined {
  const { signal } = options
  if (signal === undefined) return undefined
  if (isAbortSignal(signal)) return signal
  throw wrongArgument(`${operation}: signal is ${describe(signal)}; pass the signal of an AbortController`)
}

/** Returns a counter of the requests if there is an `onAborted`. */
function sentOf(operation: string, { onAborted }: GivenOptions): SentRequests | undefined {
  if (onAborted === undefined) return undefined
  if (typeof onAborted === 'function') return new SentRequests()
  throw wrongArgument(
    `${operation}: onAborted is ${describe(onAborted)}; pass a function of 'not-sent' or 'unknown'`,
  )
}

/** Checks the members and not the class, so that signals of other realms and of polyfills are accepted. */
function isAbortSignal(value: unknown): value is AbortSignal {
  return (
    typeof value === 'object' &&
    value !== null &&
    'aborted' in value &&
    typeof value.aborted === 'boolean' &&
    'addEventListener' in value &&
    typeof value.addEventListener === 'function'
  )
}
