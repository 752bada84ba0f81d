// The stack of every error that a call rejects with shows the code that made the call, whatever the call, the failure and the
// way in which the application waits for it.
import {
  type Codec,
  jsonCodec,
  NamedCache,
  NamedMap,
  Processors,
  Session,
  type SessionOptions,
} from 'coherence-ts'
import {
  NamedCacheRequestType as Type,
  ResponseType,
} from '../../../gen/coherence/cache/v1/cache_service_messages_v1'
import { captureFewCallers } from '../../../src/calls/caller-stack'
import { now } from '../../../src/async/real-time'
import { bytesPayload, entryPayload, json, optionalPayload } from '../../support/fake-caches'
import { type Call, CALLS, faultOf, faultsOf, STYLES } from '../../support/callers'
import { FakeProxy, type FakeRequest, noAnswer } from '../../support/fake-proxy'

type Cache = NamedCache<unknown, unknown>
type Script = (request: FakeRequest) => void

let proxy: FakeProxy
let session: Session
let cache: Cache

async function open(options: SessionOptions = {}): Promise<void> {
  // As after a while without calls, whatever time the calls before were made at.
  captureFewCallers(0)
  captureFewCallers(now() + 1e9)
  proxy = await FakeProxy.start()
  session = await Session.create({ address: proxy.address, ...options })
  cache = await session.getCache('orders')
}

afterEach(async () => {
  await session.close()
  await proxy[Symbol.asyncDispose]()
})

/** Answers all requests but those that make a cache known. */
function answerAll(script: Script): void {
  for (const type of Object.values(Type)) {
    if (typeof type === 'number' && type !== Type.EnsureCache) proxy.on(type, script)
  }
}

/** What a call is refused with whose name is the beginning of the message. */
const wrongArgument = (call: string): string => `TypeError: ${call.replace(/ \(.*\)$/, '')}`

/** What every call of the table is refused with; their names begin with the method. */
function wrongOption(reason: string): (call: string) => string {
  return (call) => `TypeError: ${String(call.split(' ')[0])}: ${reason}`
}

/** All calls of the table but some, on the cache. */
function calls(options: object = {}, except: readonly string[] = []): Record<string, Call> {
  const chosen = Object.entries(CALLS).filter(([name]) => !except.includes(name))
  return Object.fromEntries(chosen.map(([name, call]) => [name, () => call(cache, options)]))
}

/** They end without an error, or go on, where others fail. */
const EVENTS = ['events loop', 'events ready', 'events that are queued']

it('the table has every method of maps and caches that asks the server', async () => {
  await open()
  const local = ['constructor', 'name', 'isActive', 'on', 'once', 'off', 'release']
  const names = [NamedMap, NamedCache].flatMap((made) => Object.getOwnPropertyNames(made.prototype))
  const asked = names.filter((name) => !local.includes(name))
  const told = new Set(Object.keys(CALLS).map((name) => name.split(' ')[0]))
  expect([...new Set(asked)].filter((name) => !told.has(name))).toEqual([])
})

describe('the stack shows the code that made the call where', () => {
  it('the server answers with an error', async () => {
    await open()
    answerAll((request) => request.error('no such thing'))
    expect(await faultsOf('ServerError', calls())).toEqual([])
  })

  it('no answer comes in time', async () => {
    await open()
    answerAll(noAnswer)
    expect(await faultsOf('RequestTimeoutError', calls({ timeoutSeconds: 0.2 }))).toEqual([])
  })

  it('the connection is lost', async () => {
    await open({ readyTimeoutSeconds: 0, requestTimeoutSeconds: 5 })
    answerAll(noAnswer)
    const lose = async (): Promise<void> => {
      await proxy.arrival(Type.Get, 4)
      proxy.stop()
    }
    expect(await faultsOf('ConnectionError', calls({}, EVENTS), lose)).toEqual([])
  })

  it('there is no connection', async () => {
    await open({ readyTimeoutSeconds: 0 })
    proxy.stop()
    await new Promise((resolve) => session.on('disconnected', resolve))
    expect(await faultsOf('ConnectionError', calls({ timeoutSeconds: 1 }))).toEqual([])
  })

  it('the session is closed', async () => {
    await open()
    await session.close()
    expect(await faultsOf('SessionClosedError', calls())).toEqual([])
  })

  it('the session is closed while the call is in flight', async () => {
    await open({ requestTimeoutSeconds: 0.2 })
    answerAll(noAnswer)
    expect(
      await faultsOf('SessionClosedError', calls({ timeoutSeconds: 30 }, EVENTS), () => session.close()),
    ).toEqual([])
  })

  it('the map is destroyed', async () => {
    await open()
    await cache.destroy()
    expect(await faultsOf('MapInactiveError', calls({}, ['destroy']))).toEqual([])
  })

  it('the map is released', async () => {
    await open()
    await cache.release()
    expect(await faultsOf('MapInactiveError', calls())).toEqual([])
  })

  it('the map is destroyed while the call is in flight', async () => {
    await open()
    answerAll(noAnswer)
    proxy.on(Type.Get, (request) => {
      request.stream.event(request.cacheId ?? 0, ResponseType.Destroyed)
      request.error('there is no such cache')
    })
    expect(await faultsOf('MapInactiveError', { get: () => cache.get('k') })).toEqual([])
  })

  it.each<[string, Script]>([
    ['is of another kind than is due', (request) => request.answer(optionalPayload(json(1)))],
    ['is missing', (request) => request.complete()],
  ])('an answer %s', async (_, script) => {
    await open()
    for (const type of [Type.Get, Type.Put, Type.Size, Type.ContainsKey, Type.Invoke, Type.Aggregate])
      proxy.on(type, type === Type.Get ? (request) => request.answer(bytesPayload(json(1))) : script)
    const names = ['get', 'set', 'size', 'has', 'invoke', 'aggregate']
    const except = Object.keys(CALLS).filter((name) => !names.includes(name))
    expect(await faultsOf('ProtocolError', calls({}, except))).toEqual([])
  })

  it('an answer cannot be decoded', async () => {
    await open()
    const unreadable = Buffer.from('\u0015{no json')
    proxy.caches.fillText('orders', '"k"', '{no json')
    const names = [
      'get',
      'getOrDefault',
      'getAll',
      'set',
      'setIfAbsent',
      'replace',
      'delete',
      'values toArray',
    ]
    const more = ['entries toMap', 'entries loop', 'forEach', 'invokeAll', 'invokeAll as a stream']
    const reads = Object.fromEntries(
      Object.entries(calls()).filter(([name]) => names.includes(name) || more.includes(name)),
    )
    // A write would mend it.
    for (const type of [Type.Put, Type.Replace, Type.PutIfAbsent, Type.Remove])
      proxy.on(type, (request) => request.answer(bytesPayload(unreadable)))
    // No processor can work on it.
    proxy.on(Type.Invoke, (request) => request.answer(entryPayload(json('k'), unreadable)))
    expect(await faultsOf('CodecError', reads)).toEqual([])
  })

  it('a key or value has no form, deep inside', async () => {
    await open()
    expect(await faultsOf('CodecError', codecFailures(deep(() => undefined)))).toEqual([])
  })

  it('a codec of the application throws', async () => {
    await open({ codec: failing() })
    expect(await faultsOf('CodecError', codecFailures(1))).toEqual([])
  })

  it('an entry is larger than the server takes', async () => {
    await open({ maxRequestBytes: 1_000 })
    expect(await faultsOf('CodecError', codecFailures('x'.repeat(2_000)))).toEqual([])
  })

  it('the options are wrong', async () => {
    await open()
    expect(
      await faultsOf(wrongOption("there is no option 'timeOutSeconds'"), calls({ timeOutSeconds: 5 })),
    ).toEqual([])
    expect(
      await faultsOf(wrongOption("timeoutSeconds is 'soon'"), calls({ timeoutSeconds: 'soon' })),
    ).toEqual([])
    expect(await faultsOf(wrongOption("signal is 'stop'"), calls({ signal: 'stop' }))).toEqual([])
  })

  it('an argument is wrong', async () => {
    await open()
    expect(await faultsOf(wrongArgument, wrongArguments())).toEqual([])
  })

  it('a stack cannot be captured for each of many calls, and the calls are awaited', async () => {
    await open()
    answerAll((request) => request.error('no such thing'))
    const awaited = ['awaited at once', 'awaited by Promise.all'].flatMap((style) =>
      Object.entries(CALLS).map(async ([name, call]) => {
        // Nothing is left for the next millions of milliseconds.
        const later = now() + 1e9
        while (captureFewCallers(later) !== undefined);
        return faultOf(`${name}, ${style}`, 'ServerError', await STYLES[style]?.(() => call(cache)))
      }),
    )
    expect((await Promise.all(awaited)).flat()).toEqual([])
  })
})

describe('the stack shows the code that called the session where', () => {
  it('there is no server', async () => {
    await open()
    const { address } = proxy
    proxy.stop()
    const create = (): Promise<Session> => Session.create({ address })
    expect(await faultsOf('ConnectionError', { create })).toEqual([])
  })

  it('the options are wrong', async () => {
    await open()
    const wrong = { adress: 'localhost' } as SessionOptions
    expect(await faultsOf('InvalidOptionsError', { create: () => Session.create(wrong) })).toEqual([])
  })

  it('the server refuses it', async () => {
    await open()
    proxy.onInit((stream, _init, id) => stream.error(id, 'not you'))
    const create = (): Promise<Session> => Session.create({ address: proxy.address })
    expect(await faultsOf('ServerError', { create })).toEqual([])
  })

  const opening: Record<string, Call> = {
    getMap: () => session.getMap('one'),
    getCache: () => session.getCache('two'),
  }

  it('the server fails to open a map that several ask for', async () => {
    await open()
    proxy.on(Type.EnsureCache, (request) => request.error('no such service'))
    expect(await faultsOf('ServerError', opening)).toEqual([])
  })

  it('a map is not opened in time', async () => {
    await open({ requestTimeoutSeconds: 0.2 })
    proxy.on(Type.EnsureCache, noAnswer)
    proxy.onHeartbeat(() => undefined)
    expect(await faultsOf('RequestTimeoutError', { ...opening, ping: () => session.ping() })).toEqual([])
  })

  it('it is closed', async () => {
    await open()
    await session.close()
    expect(await faultsOf('SessionClosedError', { ...opening, ping: () => session.ping() })).toEqual([])
  })

  it('an argument is wrong', async () => {
    await open()
    const wrong: Record<string, Call> = {
      "The name of a map is ''": () => session.getMap(''),
      "getMap: there is no option 'ttl'": () => session.getMap('m', { ttl: 5 } as object),
      'getCache: defaultTtlSeconds is -1': () => session.getCache('m', { defaultTtlSeconds: -1 }),
      "'orders' is open with another defaultTtlSeconds": () =>
        session.getCache('orders', { defaultTtlSeconds: 77 }),
      'ping: the options are 5': () => session.ping(5 as unknown as object),
    }
    expect(await faultsOf(wrongArgument, wrong)).toEqual([])
  })
})

it('shows the code that closed a subscription', async () => {
  await open({ requestTimeoutSeconds: 0.2 })
  const subscription = await cache.listen(() => undefined)
  proxy.on(Type.MapListener, noAnswer)
  expect(await faultsOf('RequestTimeoutError', { close: () => subscription.close() })).toEqual([])
})

it('shows the code that closed an event stream', async () => {
  await open({ requestTimeoutSeconds: 0.2 })
  const stream = cache.events({ overflow: 'error' })
  session.on('error', () => undefined)
  await stream.ready
  await cache.truncate()
  await stream[Symbol.asyncIterator]().next()
  proxy.on(Type.MapListener, noAnswer)
  expect(await faultsOf('RequestTimeoutError', { close: () => stream.close() })).toEqual([])
})

describe("what is the application's own stays as it is:", () => {
  /** One error of the application for each, and its stack. */
  function ownError(): { error: Error; stack: unknown } {
    const error = new Error('mine')
    return { error, stack: error.stack }
  }

  it('the reason of a signal', async () => {
    await open()
    const before = await cache.set('k', () => undefined).catch((error: unknown) => error)
    const { stack } = before as Error
    await expect(cache.get('k', { signal: AbortSignal.abort(before) })).rejects.toBe(before)
    const controller = new AbortController()
    proxy.on(Type.Get, () => controller.abort(before))
    await expect(cache.get('k', { signal: controller.signal })).rejects.toBe(before)
    await expect(cache.keys({ signal: controller.signal }).toArray()).rejects.toBe(before)
    expect((before as Error).stack).toBe(stack)
  })

  it('what a visitor throws', async () => {
    await open()
    proxy.caches.fill('orders', [['k', 1]])
    const inner = await cache.set('k', () => undefined).catch((error: unknown) => error)
    const { stack } = inner as Error
    const visit = (): void => {
      throw inner
    }
    await expect(cache.forEach(visit)).rejects.toBe(inner)
    expect((inner as Error).stack).toBe(stack)
  })

  it('what the source of a bulk write throws', async () => {
    await open()
    const { error, stack } = ownError()
    const inner = await cache.set('k', () => undefined).catch((failure: unknown) => failure)
    const innerStack = (inner as Error).stack
    async function* failingWith(thrown: unknown): AsyncGenerator<[string, number], void> {
      yield ['k', 1]
      await Promise.resolve()
      throw thrown
    }
    await expect(cache.setAll(failingWith(error))).rejects.toBe(error)
    await expect(cache.setAll(failingWith(inner))).rejects.toBe(inner)
    expect([error.stack, (inner as Error).stack]).toEqual([stack, innerStack])
  })

  it('what a codec throws, where it throws errors of this library', async () => {
    await open()
    const thrown = await cache.set('k', () => undefined).catch((error: unknown) => error)
    const { stack } = thrown as Error
    const codec: Codec = {
      ...jsonCodec(),
      encode: () => {
        throw thrown
      },
    }
    await using other = await Session.create({ address: proxy.address, codec })
    const map = await other.getMap('orders')
    await expect(map.get('k')).rejects.toBe(thrown)
    expect((thrown as Error).stack).toBe(stack)
  })
})

it('each of several calls that fail for one reason gets an error of its own', async () => {
  await open()
  proxy.on(Type.EnsureCache, (request) => request.error('no such service'))
  const errors = await Promise.all(
    [1, 2, 3].map(() => session.getMap('shared').catch((error: unknown) => error)),
  )
  expect(new Set(errors).size).toBe(3)
  expect(errors).toEqual(errors.map(() => errors[0]))
})

/** A value with `innermost` twenty levels down. */
function deep(innermost: unknown): unknown {
  let value = innermost
  for (let level = 0; level < 20; level++) value = { inner: [value] }
  return value
}

function failing(): Codec {
  const fail = (): never => {
    throw new Error('out of order')
  }
  return { encode: fail, decode: fail }
}

/** Every call with a key or a value or a query, where that is `value` or has it inside. */
function codecFailures(value: unknown): Record<string, Call> {
  const processor = Processors.custom('Anything', { value })
  const filter = Processors.custom('Anything', { value }) as never
  return {
    get: () => cache.get(value),
    getAll: () => cache.getAll([value]),
    set: () => cache.set('k', value),
    setAll: () => cache.setAll([['k', value]]),
    setIfAbsent: () => cache.setIfAbsent('k', value),
    replaceMapping: () => cache.replaceMapping('k', value, value),
    hasValue: () => cache.hasValue(value),
    invoke: () => cache.invoke('k', processor),
    invokeAll: () => cache.invokeAll(processor),
    'invokeAll of keys': () => cache.invokeAll(processor, { keys: [value] }),
    'invokeAll as a stream': () => cache.invokeAll(processor, { stream: true }),
    aggregate: () => cache.aggregate(processor as never),
    keys: () => cache.keys({ filter }),
    forEach: () => cache.forEach(() => undefined, { filter }),
    addIndex: () => cache.addIndex(processor as never),
    listen: () => cache.listen(() => undefined, { filter }),
    events: () => cache.events({ filter }),
  }
}

/** By what the message begins with; what is in brackets is only said here. */
function wrongArguments(): Record<string, Call> {
  const wrong = 'wrong' as never
  const processor = Processors.custom('Anything')
  return {
    "getAll: the keys are 'wrong'": () => cache.getAll(wrong),
    'set: ttlSeconds is -1': () => cache.set('k', 1, { ttlSeconds: -1 }),
    "setAll: the entries are 'wrong'": () => cache.setAll(wrong),
    "setAll: an entry is 'wrong'": () => cache.setAll([wrong]),
    "setAll: an entry is 'wrong' (late)": () => cache.setAll(late(wrong)),
    "setAll: onProgress is 'wrong'": () => cache.setAll([], { onProgress: wrong }),
    'setAll: ttlSeconds is -1': () => cache.setAll([], { ttlSeconds: -1 }),
    'setIfAbsent: ttlSeconds is -1': () => cache.setIfAbsent('k', 1, { ttlSeconds: -1 }),
    "keys: filter is 'wrong'": () => cache.keys({ filter: wrong }),
    "keys: comparator is 'wrong'": () => cache.keys({ comparator: wrong }),
    'entries: limit is -1': () => cache.entries({ limit: -1 }),
    "forEach: the first argument is 'wrong'": () => cache.forEach(wrong),
    "invoke: the processor is 'wrong'": () => cache.invoke('k', wrong),
    "invokeAll: the processor is 'wrong'": () => cache.invokeAll(wrong),
    "invokeAll: filter is 'wrong'": () => cache.invokeAll(processor, { filter: wrong }),
    "invokeAll: the keys are 'wrong'": () => cache.invokeAll(processor, { keys: wrong }),
    "invokeAll: filter is 'wrong' (as a stream)": () =>
      cache.invokeAll(processor, { stream: true, filter: wrong }),
    'invokeAll: keys and filter exclude each other': () =>
      cache.invokeAll(processor, { keys: [], filter: processor } as never),
    "invokeAll: stream is 'yes'": () => cache.invokeAll(processor, { stream: 'yes' } as never),
    "aggregate: the aggregator is 'wrong'": () => cache.aggregate(wrong),
    "aggregate: filter is 'wrong'": () => cache.aggregate(processor as never, { filter: wrong }),
    'addIndex got undefined': () => cache.addIndex(undefined as never),
    "addIndex got 'a..b' as the path": () => cache.addIndex('a..b' as never),
    "addIndex: comparator is 'wrong'": () => cache.addIndex(processor as never, { comparator: wrong }),
    "addIndex: ordered is 'wrong'": () => cache.addIndex(processor as never, { ordered: wrong }),
    'removeIndex got undefined': () => cache.removeIndex(undefined as never),
    "listen: the listener is 'wrong'": () => cache.listen(wrong),
    'listen: the listener has none of': () => cache.listen({}),
    "listen: filter is 'wrong'": () => cache.listen(() => undefined, { filter: wrong }),
    "listen: kinds is 'wrong'": () => cache.listen(() => undefined, { kinds: wrong }),
    'listen: key excludes filter and kinds': () =>
      cache.listen(() => undefined, { key: 1, filter: processor } as never),
    "listen: lite is 'wrong'": () => cache.listen(() => undefined, { lite: wrong }),
    "events: filter is 'wrong'": () => cache.events({ filter: wrong }),
    "events: overflow is 'wrong'": () => cache.events({ overflow: wrong }),
    'events: maxBufferedEvents is -1': () => cache.events({ maxBufferedEvents: -1 }),
  }
}

async function* late<T>(element: T): AsyncGenerator<T, void> {
  await new Promise((resolve) => setImmediate(resolve))
  yield element
}
