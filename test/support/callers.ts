// Code that makes calls as applications do, and what the stacks of its failures show of it. The function that makes
// the call is always the one named `placeOrder`.
import { inspect } from 'node:util'
import { Aggregators, type CallOptions, Extractors, Filters, type NamedCache, Processors } from 'coherence-ts'

// As applications have it; jest raises it.
Error.stackTraceLimit = 10

/** More of them say no more. */
const MOST_FAULTS = 3

type Cache = NamedCache<unknown, unknown>
export type Call = () => unknown
export type CallOn = (cache: Cache, options?: CallOptions) => unknown

const INCREMENT = Processors.increment('count', 1)

/** Every method that asks the server, by the name that tests give it. */
export const CALLS: Readonly<Record<string, CallOn>> = {
  get: (cache, options) => cache.get('k', options),
  getOrDefault: (cache, options) => cache.getOrDefault('k', 0, options),
  getAll: (cache, options) => cache.getAll(['k'], options),
  set: (cache, options) => cache.set('k', 1, options),
  setAll: (cache, options) => cache.setAll([['k', 1]], options),
  setIfAbsent: (cache, options) => cache.setIfAbsent('k', 1, options),
  replace: (cache, options) => cache.replace('k', 1, options),
  replaceMapping: (cache, options) => cache.replaceMapping('k', 1, 2, options),
  delete: (cache, options) => cache.delete('k', options),
  removeMapping: (cache, options) => cache.removeMapping('k', 1, options),
  has: (cache, options) => cache.has('k', options),
  hasValue: (cache, options) => cache.hasValue(1, options),
  hasEntry: (cache, options) => cache.hasEntry('k', 1, options),
  isEmpty: (cache, options) => cache.isEmpty(options),
  isReady: (cache, options) => cache.isReady(options),
  size: (cache, options) => cache.size(options),
  clear: (cache, options) => cache.clear(options),
  truncate: (cache, options) => cache.truncate(options),
  destroy: (cache, options) => cache.destroy(options),
  'keys toArray': (cache, options) => cache.keys(options).toArray(),
  'keys loop': (cache, options) => consume(cache.keys(options)),
  'values toArray': (cache, options) => cache.values(options).toArray(),
  'entries toMap': (cache, options) => cache.entries(options).toMap(),
  'entries loop': (cache, options) => consume(cache.entries(options)),
  'entries by a filter': (cache, options) =>
    cache.entries({ ...options, filter: Filters.equal('count', 1) }).toArray(),
  forEach: (cache, options) => cache.forEach(() => undefined, options),
  invoke: (cache, options) => cache.invoke('k', INCREMENT, options),
  invokeAll: (cache, options) => cache.invokeAll(INCREMENT, options),
  'invokeAll of keys': (cache, options) => cache.invokeAll(INCREMENT, { ...options, keys: ['k'] }),
  'invokeAll without results': (cache, options) =>
    cache.invokeAll(INCREMENT, { ...options, discardResults: true }),
  'invokeAll as a stream': (cache, options) =>
    consume(cache.invokeAll(INCREMENT, { ...options, stream: true })),
  aggregate: (cache, options) => cache.aggregate(Aggregators.count(), options),
  addIndex: (cache, options) => cache.addIndex(Extractors.identity(), options),
  removeIndex: (cache, options) => cache.removeIndex(Extractors.identity(), options),
  listen: (cache, options) => cache.listen(() => undefined, options),
  'events loop': (cache, options) => consume(cache.events(options)),
  'events ready': (cache, options) => cache.events(options).ready,
  'events that are queued': (cache, options) => consume(cache.events({ ...options, overflow: 'error' })),
}

async function consume(elements: AsyncIterable<unknown>): Promise<void> {
  const iterator = elements[Symbol.asyncIterator]()
  while ((await iterator.next()).done !== true);
}

/** How applications call. Each gives what the call failed with, `undefined` where it did not fail. */
export const STYLES: Readonly<Record<string, (call: Call) => Promise<unknown>>> = {
  'awaited at once': async (call) => {
    const placeOrder = async (): Promise<void> => {
      await call()
    }
    return await rejectionOf(placeOrder)
  },
  'awaited by Promise.all': async (call) => {
    const placeOrder = async (): Promise<void> => {
      await Promise.all([Promise.resolve(), Promise.resolve(call())])
    }
    return await rejectionOf(placeOrder)
  },
  'awaited when it failed': async (call) => {
    const placeOrder = async (): Promise<void> => {
      const called = Promise.resolve(call())
      await called.catch(() => undefined)
      await called
    }
    return await rejectionOf(placeOrder)
  },
  'followed by then, in functions that are not async': (call) => {
    function placeOrder(): Promise<unknown> {
      return Promise.resolve(call()).then((answer) => answer)
    }
    return new Promise((resolve) => {
      try {
        placeOrder().then(() => resolve(undefined), resolve)
      } catch (error) {
        resolve(error)
      }
    })
  },
}

async function rejectionOf(run: () => Promise<void>): Promise<unknown> {
  try {
    await run()
  } catch (error) {
    return error
  }
  return undefined
}

/**
 * Makes the calls in every style, all at the same time, and then lets them fail by `fail`. Gives what is wrong with
 * their failures, whose stacks have to show the caller, and to begin with what is expected: the name of the error and,
 * where it says which call it is about, the beginning of its message.
 */
export async function faultsOf(
  expected: string | ((call: string) => string),
  calls: Readonly<Record<string, Call>>,
  fail: () => unknown = () => undefined,
): Promise<string[]> {
  const failures = Object.entries(calls).flatMap(([name, call]) =>
    Object.entries(STYLES).map(async ([style, run]) =>
      faultOf(`${name}, ${style}`, typeof expected === 'string' ? expected : expected(name), await run(call)),
    ),
  )
  await fail()
  return (await Promise.all(failures)).flat().slice(0, MOST_FAULTS)
}

/** What is wrong with the failure of a call; nothing where its stack shows the caller. */
export function faultOf(what: string, expected: string, failure: unknown): string[] {
  const start = expected.includes(': ') ? expected : `${expected}: `
  if (!(failure instanceof Error) || !`${failure.name}: ${failure.message}`.startsWith(start))
    return [`${what}: failed with ${inspect(failure)} instead of ${expected}`]
  const beginning = `${failure.name}: ${failure.message}\n`
  const stack = String(failure.stack)
  if (!stack.startsWith(beginning)) return [`${what}: does not begin with its message: ${stack}`]
  const frames = stack.slice(beginning.length).split('\n')
  const isShown = frames.some((frame) => frame.includes('placeOrder') && frame.includes('callers.ts:'))
  return isShown ? [] : [`${what}: does not show its caller: ${stack}`]
}
