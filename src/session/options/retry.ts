// The option `retry`: how often and after which waits something is tried again.
import { holdsOptions } from '../../calls/wrong-options'
import type { RetryPolicy } from '../../protocol/port'

/** How calls that may be repeated, and attempts to connect, are tried again. All members are optional. */
export interface SessionRetry {
  /**
   * How often a request that may be sent again is sent, at most, within the time of its call. It is 1 or more; 1 means
   * never again. Default: `Infinity`.
   */
  readonly attempts?: number | undefined
  /** The waits between the attempts to connect again, which grow from the first to the longest. */
  readonly backoff?:
    | {
        /** The first wait in seconds, above 0. Default: 0.1. */
        readonly initialSeconds?: number | undefined
        /** The longest wait in seconds, above 0. Default: 3. */
        readonly maxSeconds?: number | undefined
      }
    | undefined
}

const BACKOFF_MEMBERS = ['initialSeconds', 'maxSeconds']

const DEFAULTS = { attempts: Infinity, initialSeconds: 0.1, maxSeconds: 3 }

/** Returns the problem with a member of the option; `undefined` if there is none. */
export function retryProblem(member: string, value: unknown): string | undefined {
  if (value === undefined) return undefined
  if (member === 'attempts')
    return isCount(value) ? undefined : 'it must be a whole number of 1 or more, or Infinity'
  if (member !== 'backoff') return 'there is no such member; the members are attempts and backoff'
  if (!holdsOptions(value) || !Object.keys(value).every((name) => BACKOFF_MEMBERS.includes(name)))
    return 'it must be an object with initialSeconds and maxSeconds'
  return Object.values(value).every(isWait) ? undefined : 'its waits must be numbers of seconds above 0'
}

function isWait(value: unknown): boolean {
  return value === undefined || (typeof value === 'number' && value > 0 && value < Infinity)
}

/** Whether `value` is a number that counts something: 1 or more, or `Infinity`. */
export function isCount(value: unknown): boolean {
  return typeof value === 'number' && value >= 1 && (Number.isInteger(value) || value === Infinity)
}

/** Completes the policy. The longest wait is not shorter than the first. */
export function retryOf(given: SessionRetry | undefined): RetryPolicy {
  const { initialSeconds = DEFAULTS.initialSeconds, maxSeconds = DEFAULTS.maxSeconds } = given?.backoff ?? {}
  return Object.freeze({
    attempts: given?.attempts ?? DEFAULTS.attempts,
    backoff: Object.freeze({ initialSeconds, maxSeconds: Math.max(initialSeconds, maxSeconds) }),
  })
}
