// What every call can be told: when to give up. Checked before anything is sent.
import { now } from '../async/real-time'
import { wrongArgument } from '../calls/caller-stack'
import type { Call } from '../protocol/call'
import { SentRequests } from '../protocol/sent-requests'
import { describe } from './described-value'
import { holdsOptions, unknownOption, wrongOptions } from './wrong-options'

export { describe } from './described-value'
import type { StreamCall } from '../protocol/port'

/** What every method takes as its last argument. */
export interface CallOptions {
  /**
   * Gives the call up when it aborts; the call rejects with the signal's `reason`. A write that was sent already may
   * still be carried out: `onAborted` of its options tells.
   */
  readonly signal?: AbortSignal | undefined
  /**
   * Longest wait for the answer in seconds, counted from the call; for a streamed read the longest wait for the next
   * element. Fractions are allowed, `Infinity` waits for ever. Left out, the session's `requestTimeoutSeconds`.
   */
  readonly timeoutSeconds?: number | undefined
}

/** The options of a call as the user gave them; anything may be in them. */
export type GivenOptions = Readonly<Record<string, unknown>>

const NONE: GivenOptions = Object.freeze({})

/**
 * Checks that `options` is an object with no members but those in `known`.
 *
 * @throws {TypeError} it is not.
 */
export function checkedOptions(operation: string, options: unknown, known: readonly string[]): GivenOptions {
  if (options === undefined) return NONE
  if (!holdsOptions(options)) throw wrongOptions(operation, options, known)
  for (const name of Object.keys(options)) {
    if (!known.includes(name)) throw unknownOption(operation, name, known)
  }
  return options
}

export const CALL_OPTIONS = ['signal', 'timeoutSeconds'] as const

/** @throws {TypeError} an option is wrong. */
export function callOf(
  operation: string,
  mapName: string | undefined,
  options: GivenOptions,
  defaultTimeoutSeconds: number,
): Call {
  const timeoutSeconds = timeoutOf(operation, options, defaultTimeoutSeconds)
  const deadline = timeoutSeconds === Infinity ? Infinity : now() + timeoutSeconds * 1_000
  const signal = signalOf(operation, options)
  return { operation, mapName, timeoutSeconds, deadline, signal, sent: sentOf(operation, options) }
}

/** When a call was made, on the clock of `now()`. */
export function startOf({ deadline, timeoutSeconds }: Call): number {
  return deadline === Infinity ? now() : deadline - timeoutSeconds * 1_000
}

/** @throws {TypeError} an option is wrong. */
export function streamCallOf(
  operation: string,
  mapName: string,
  options: GivenOptions,
  defaultTimeoutSeconds: number,
): StreamCall {
  const timeoutSeconds = timeoutOf(operation, options, defaultTimeoutSeconds)
  const signal = signalOf(operation, options)
  return { operation, mapName, timeoutSeconds, signal, sent: sentOf(operation, options) }
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

/** Counts what is sent, where somebody wants to be told of it. */
function sentOf(operation: string, { onAborted }: GivenOptions): SentRequests | undefined {
  if (onAborted === undefined) return undefined
  if (typeof onAborted === 'function') return new SentRequests()
  throw wrongArgument(
    `${operation}: onAborted is ${describe(onAborted)}; pass a function of 'not-sent' or 'unknown'`,
  )
}

/** By its form: signals of other realms and of polyfills will do. */
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
