// Makes the stack of a call's error show the code that made the call. An error is created when an answer is read or a
// timer fires, so by itself its stack shows only that code.
//
// That code is found in two ways. If it awaits the call, the engine finds it when the error is thrown on, at no cost
// before that. If it does not await the call at once, it is found only if the stack is captured when the call is made.
// That costs 6 us in the middle of many calls and 15 us between single ones, and the whole call takes 20 and 60 us. So
// the stack is captured for some of the calls: for all of them as long as they are few, and for one in hundreds if
// there are tens of thousands in a second.
import { CoherenceError } from '../errors'

/** The stack of the code that made a call. It can become the stack of one error. */
export interface CallerStack {
  name: string
  message: string
  /** A text, or the result of `Error.prepareStackTrace`. The frames are formatted when it is read first. */
  readonly stack?: unknown
}

/** The number of stacks that may be captured in a row before captures are limited. */
const MOST_TOKENS = 1_000
/** How long it takes until one more may be captured. */
const MILLIS_PER_TOKEN = 10

let tokens = MOST_TOKENS
let countedAt = 0

/**
 * Wrong arguments, found by this library. Other errors of the class `TypeError` are defects, here or in the user's
 * code.
 */
const wrongArguments = new WeakSet<object>()
/** Errors that a call was rejected with already. */
const thrown = new WeakSet<object>()
/** Errors that the user's code threw. */
const usersOwn = new WeakSet<object>()

/** Captures the stack of the code that makes a call now. It costs 6 to 15 us. */
export function captureCaller(): CallerStack {
  const caller = { name: '', message: '' }
  Error.captureStackTrace(caller, captureCaller)
  return caller
}

/**
 * The same as long as calls are few: a thousand in a row, and a hundred more in each second. `undefined` for the
 * others.
 *
 * @param time Now, on the clock of `now()`.
 */
export function captureFewCallers(time: number): CallerStack | undefined {
  const more = (time - countedAt) / MILLIS_PER_TOKEN
  // It is less than 0 if a clock is faked.
  if (more >= 1 || more < 0) {
    tokens = Math.min(MOST_TOKENS, tokens + Math.max(0, more))
    countedAt = time
  }
  if (tokens < 1) return undefined
  tokens -= 1
  // It does not call the function above: Bun makes that a tail call, which removes this function from the stack.
  const caller = { name: '', message: '' }
  Error.captureStackTrace(caller, captureFewCallers)
  return caller
}

/** An error for an argument that cannot be used, thrown before anything is sent. */
export function wrongArgument(message: string): TypeError {
  const error = new TypeError(message)
  Error.captureStackTrace(error, wrongArgument)
  wrongArguments.add(error)
  return error
}

/** Marks an error that the user's code threw, so that its stack stays as it is. */
export function keepStack<E>(error: E): E {
  if (typeof error === 'object' && error !== null) usersOwn.add(error)
  return error
}

/**
 * Returns the error that a call rejects with because of `error`. The stack of an error of this library shows `caller`,
 * or without one, the code that awaits the function that calls this. Each call gets its own error. Errors that the
 * user's code threw and the reason of `signal` stay as they are.
 */
export function fromCaller(
  error: unknown,
  caller: CallerStack | undefined,
  signal: AbortSignal | undefined,
): unknown {
  if (!isOurs(error) || usersOwn.has(error)) return error
  if (signal?.aborted === true && signal.reason === error) return error
  const own = thrown.has(error) ? copyOf(error) : error
  thrown.add(own)
  if (caller === undefined) Error.captureStackTrace(own, fromCaller)
  else takeStack(own, caller)
  return own
}

/** Does the work of one call. The stack of its error shows `caller`, or without one, the code that awaits it. */
export async function onBehalfOf<T>(
  caller: CallerStack | undefined,
  signal: AbortSignal | undefined,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw fromCaller(error, caller, signal)
  }
}

/** Does the part of a call that does not wait. The stack of its error shows the code that made the call. */
export function atOnce<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw fromCaller(error, undefined, undefined)
  }
}

function isOurs(error: unknown): error is Error {
  if (error instanceof TypeError) return wrongArguments.has(error)
  // The application may have made it, and frozen it.
  return error instanceof CoherenceError && Object.isExtensible(error)
}

/** A second error like this one, for another call that failed because of it. */
function copyOf(error: Error): Error {
  const members = Object.getOwnPropertyDescriptors(error)
  Reflect.deleteProperty(members, 'stack')
  // Tools recognize an error by what the constructor of `Error` sets, and the constructors of the subclasses take more
  // arguments.
  const copy = new Error(error.message)
  Object.setPrototypeOf(copy, Object.getPrototypeOf(error) as object)
  return Object.defineProperties(copy, members)
}

/** The frames are formatted when somebody reads them. */
function takeStack(error: Error, caller: CallerStack): void {
  const { name, message } = error
  caller.name = name
  caller.message = message
  Object.defineProperty(error, 'stack', {
    configurable: true,
    enumerable: false,
    get: () => {
      const { stack } = caller
      // Bun formats the frames when they are captured, with the name and message of that time.
      const isEarly = typeof stack === 'string' && stack.startsWith('Error\n')
      return isEarly ? `${name}: ${message}${stack.slice('Error'.length)}` : stack
    },
    set: (value: unknown) => {
      Object.defineProperty(error, 'stack', { configurable: true, enumerable: false, writable: true, value })
    },
  })
}
