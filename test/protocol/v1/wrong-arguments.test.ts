// What is passed as in other clients, or as to a `Map`, is refused before anything is sent, with what to pass here.
import {
  Aggregators,
  Comparators,
  Extractors,
  Filters,
  MapEvent,
  type NamedCache,
  NamedMap,
  Options,
  Processors,
  Session,
  TlsOptions,
} from 'coherence-ts'
import { NamedCacheRequestType as Type } from '../../../gen/coherence/cache/v1/cache_service_messages_v1'
import { FakeProxy } from '../../support/fake-proxy'

/** A map whose methods take whatever is passed. */
type Loose = Record<keyof NamedCache<unknown, unknown>, (...args: unknown[]) => unknown>

const FILTER = Filters.equal('name', 'Ann')
const COMPARATOR = Comparators.by('name')
const PROCESSOR = Processors.increment('count', 1)
const AGGREGATOR = Aggregators.count()
const EXTRACTOR = Extractors.identity()
const nothing = (): void => undefined
const controller = new AbortController()

const AS_TTL = 'a time to live is passed in an object, in seconds: { ttlSeconds: 5 }'
const AS_TIMEOUT = 'a time is passed in an object, in seconds: { timeoutSeconds: 5 }'
const AS_FUNCTION =
  "a function cannot run on the server: pass { filter } with a filter such as Filters.equal('name', 'Ann')"
const LISTENERS = 'onAny, onInsert, onUpdate, onDelete, onTruncated, onGap'

const ROWS: readonly (readonly [what: string, call: (map: Loose) => unknown, message: string])[] = [
  // Queries where options are expected.
  ...(['keys', 'values', 'entries'] as const).flatMap((method) => [
    [
      `${method}(filter)`,
      (map: Loose) => map[method](FILTER),
      `${method}: the options are a filter; pass it in an object: { filter }`,
    ] as const,
    [
      `${method}(comparator)`,
      (map: Loose) => map[method](COMPARATOR),
      `${method}: the options are a comparator; pass it in an object: { comparator }`,
    ] as const,
    [
      `${method}(function)`,
      (map: Loose) => map[method](nothing),
      `${method}: the options are a function; ${AS_FUNCTION}`,
    ] as const,
  ]),
  [
    'forEach(visit, filter)',
    (map) => map.forEach(nothing, FILTER),
    'forEach: the options are a filter; pass it in an object: { filter }',
  ],
  [
    'aggregate(aggregator, filter)',
    (map) => map.aggregate(AGGREGATOR, FILTER),
    'aggregate: the options are a filter; pass it in an object: { filter }',
  ],
  [
    'aggregate(filter, aggregator)',
    (map) => map.aggregate(FILTER, AGGREGATOR),
    'aggregate: the options are an aggregator; the aggregator comes first: ' +
      'aggregate(aggregator, { filter }) or aggregate(aggregator, { keys })',
  ],
  [
    'aggregate(filter)',
    (map) => map.aggregate(FILTER),
    'aggregate: the aggregator is a filter; make one with Aggregators, such as Aggregators.count()',
  ],
  [
    'aggregate(aggregator, keys)',
    (map) => map.aggregate(AGGREGATOR, ['a']),
    'aggregate: the options are an array; pass them in an object: { keys }',
  ],
  [
    'invokeAll(processor, filter)',
    (map) => map.invokeAll(PROCESSOR, FILTER),
    'invokeAll: the options are a filter; pass it in an object: { filter }',
  ],
  [
    'invokeAll(filter, processor)',
    (map) => map.invokeAll(FILTER, PROCESSOR),
    'invokeAll: the options are a processor; the processor comes first: ' +
      'invokeAll(processor, { filter }) or invokeAll(processor, { keys })',
  ],
  [
    'invokeAll(processor, keys)',
    (map) => map.invokeAll(PROCESSOR, new Set(['a'])),
    'invokeAll: the options are an instance of Set; pass them in an object: { keys }',
  ],
  ['size(filter)', (map) => map.size(FILTER), 'size: the options are a filter; size takes no filter there'],
  [
    'listen(listener, filter)',
    (map) => map.listen(nothing, FILTER),
    'listen: the options are a filter; pass it in an object: { filter }',
  ],
  [
    'events(filter)',
    (map) => map.events(FILTER),
    'events: the options are a filter; pass it in an object: { filter }',
  ],
  [
    'keys(query of an own class)',
    (map) => map.keys(Filters.custom('com.acme.Rule')),
    'keys: the options are a query; pass it in an object: { filter }',
  ],

  // Queries of another kind.
  [
    'a filter as the comparator',
    (map) => map.entries({ comparator: FILTER }),
    "entries: comparator is a filter; make one with Comparators, such as Comparators.by('name')",
  ],
  [
    'a comparator as the filter',
    (map) => map.entries({ filter: COMPARATOR }),
    "entries: filter is a comparator; make one with Filters, such as Filters.equal('name', 'Ann')",
  ],
  [
    'a function as the filter',
    (map) => map.entries({ filter: nothing }),
    "entries: filter is a function; make one with Filters, such as Filters.equal('name', 'Ann')",
  ],
  [
    'an aggregator as the processor',
    (map) => map.invoke('k', AGGREGATOR),
    "invoke: the processor is an aggregator; make one with Processors, such as Processors.increment('count', 1)",
  ],
  [
    'a processor as the aggregator',
    (map) => map.aggregate(PROCESSOR),
    'aggregate: the aggregator is a processor; make one with Aggregators, such as Aggregators.count()',
  ],
  [
    'a filter as the extractor',
    (map) => map.addIndex(FILTER),
    "addIndex got a filter: pass a path, such as 'address.city', or an extractor, such as Extractors.identity()",
  ],
  [
    'invoke(processor)',
    (map) => map.invoke(PROCESSOR),
    'invoke: the key is a processor; the key comes first: invoke(key, processor). For the entries of a filter, or for ' +
      'all, call invokeAll(processor, { filter })',
  ],
  [
    'invoke(processor, key)',
    (map) => map.invoke(PROCESSOR, 'k'),
    'invoke: the key is a processor; the key comes first: invoke(key, processor). For the entries of a filter, or for ' +
      'all, call invokeAll(processor, { filter })',
  ],

  // Times.
  ['set(key, value, 5000)', (map) => map.set('k', 1, 5000), `set: the options are 5000; ${AS_TTL}`],
  [
    'setIfAbsent(key, value, 5000)',
    (map) => map.setIfAbsent('k', 1, 5000),
    `setIfAbsent: the options are 5000; ${AS_TTL}`,
  ],
  ['setAll(entries, 5000)', (map) => map.setAll([], 5000), `setAll: the options are 5000; ${AS_TTL}`],
  ['size(5000)', (map) => map.size(5000), `size: the options are 5000; ${AS_TIMEOUT}`],
  [
    'set(key, value, { ttl })',
    (map) => map.set('k', 1, { ttl: 5000 }),
    "set: there is no option 'ttl' (did you mean ttlSeconds, in seconds?); " +
      'the options are signal, timeoutSeconds, onAborted, ttlSeconds',
  ],
  [
    'get(key, { timeout })',
    (map) => map.get('k', { timeout: 5000 }),
    "get: there is no option 'timeout' (did you mean timeoutSeconds, in seconds?); " +
      'the options are signal, timeoutSeconds; getOrDefault(key, value) gives a value for an absent key',
  ],
  [
    'keys({ where })',
    (map) => map.keys({ where: FILTER }),
    "keys: there is no option 'where' (did you mean filter?); the options are signal, timeoutSeconds, filter, comparator, limit",
  ],

  // Further arguments that have methods of their own.
  [
    'get(key, default)',
    (map) => map.get('k', 'none'),
    "get: the options are 'none'; pass an object such as { timeoutSeconds: 5 }; " +
      'getOrDefault(key, value) gives a value for an absent key',
  ],
  [
    'has(key, value)',
    (map) => map.has('k', true),
    'has: the options are true; pass an object such as { timeoutSeconds: 5 }; hasEntry(key, value) looks for a value too',
  ],
  [
    'delete(key, value)',
    (map) => map.delete('k', { name: 'Ann' }),
    "delete: there is no option 'name'; the options are signal, timeoutSeconds, onAborted; " +
      'removeMapping(key, value) looks for a value too',
  ],
  [
    'replace(key, old, new)',
    (map) => map.replace('k', 'old', 'new'),
    "replace: the options are 'new'; pass an object such as { timeoutSeconds: 5 }; " +
      'replaceMapping(key, oldValue, newValue) looks for a value first',
  ],

  // Objects that have no options.
  [
    'get(key, signal)',
    (map) => map.size(controller.signal),
    'size: the options are an instance of AbortSignal; pass it in an object: { signal }',
  ],
  [
    'get(key, controller)',
    (map) => map.size(controller),
    'size: the options are an instance of AbortController; pass its signal in an object: { signal: controller.signal }',
  ],
  [
    'options that are not awaited',
    (map) => map.size(Promise.resolve({})),
    'size: the options are an instance of Promise; wait for it with await',
  ],
  [
    'a Map of options',
    (map) => map.size(new Map([['timeoutSeconds', 5]])),
    'size: the options are an instance of Map; pass an object such as { timeoutSeconds: 5 }',
  ],
  [
    'a class',
    (map) => map.size(Options),
    'size: the options are the class Options; pass an object such as { timeoutSeconds: 5 }',
  ],
  [
    'null',
    (map) => map.size(null),
    'size: the options are null; pass an object such as { timeoutSeconds: 5 }',
  ],

  // Listeners.
  [
    "listen('insert', listener)",
    (map) => map.listen('insert', nothing),
    `listen: the listener is 'insert'; pass a function for all events, or an object with some of ${LISTENERS}`,
  ],
  [
    'listen(filter, listener)',
    (map) => map.listen(FILTER, nothing),
    'listen: the listener is a filter; the listener comes first: listen(listener, { filter })',
  ],
  [
    'listen({ key }, listener)',
    (map) => map.listen({ key: 'k' }, nothing),
    `listen: the listener has none of ${LISTENERS}; it would never be called`,
  ],
  [
    'listen(listener, listener)',
    (map) => map.listen(nothing, nothing),
    'listen: the options are a function; the listener comes first: listen(listener, { key }) or listen(listener, { filter })',
  ],
  [
    'listen(listener, key)',
    (map) => map.listen(nothing, 5),
    'listen: the options are 5; for the events of one key pass { key }',
  ],
  [
    'events(listener)',
    (map) => map.events(nothing),
    'events: the options are a function; events() is for loops (for await); listen(listener) calls a function',
  ],
  [
    "on('insert', listener)",
    (map) => map.on('insert', nothing),
    "There is no event 'insert'; the events are truncated, destroyed, released; " +
      'events of entries are told by map.listen({ onInsert, onUpdate, onDelete })',
  ],
  [
    "on('map_destroyed', listener)",
    (map) => map.on('map_destroyed', nothing),
    "There is no event 'map_destroyed'; the events are truncated, destroyed, released",
  ],
]

class OwnOptions {
  readonly timeoutSeconds = 5
}

describe('a wrong argument', () => {
  let proxy: FakeProxy
  let session: Session
  let map: Loose

  beforeAll(async () => {
    proxy = await FakeProxy.start()
    session = await Session.create({ address: proxy.address })
    map = (await session.getCache('m')) as unknown as Loose
  })
  afterAll(async () => {
    await session.close()
    await proxy[Symbol.asyncDispose]()
  })

  it.each(ROWS)('is refused with what to pass: %s', async (_what, call, message) => {
    const sent = proxy.requests.length

    await expect((async () => call(map))()).rejects.toEqual(new TypeError(message))
    expect(proxy.requests.slice(sent)).toEqual([])
  })

  it.each<[what: string, call: (session: Session) => unknown, message: string]>([
    ['getMap(name, 60)', (its) => its.getMap('n', 60 as never), `getMap: the options are 60; ${AS_TIMEOUT}`],
    [
      'getCache(name, 60)',
      (its) => its.getCache('n', 60 as never),
      'getCache: the options are 60; a time to live is passed in an object, in seconds: { defaultTtlSeconds: 5 }',
    ],
    [
      'getCache(name, { ttl: 60 })',
      (its) => its.getCache('n', { ttl: 60 } as never),
      "getCache: there is no option 'ttl' (did you mean defaultTtlSeconds, in seconds?); " +
        'the options are signal, timeoutSeconds, defaultTtlSeconds',
    ],
    [
      "on('insert', listener)",
      (its) => its.on('insert' as never, nothing),
      "There is no event 'insert'; the events are connected, disconnected, reconnected, closed, truncated, destroyed, " +
        'released; events of entries are told by map.listen({ onInsert, onUpdate, onDelete })',
    ],
  ])('of a session is refused with what to pass: %s', async (_what, call, message) => {
    await expect((async () => call(session))()).rejects.toEqual(new TypeError(message))
    expect(proxy.received(Type.EnsureCache).length).toBe(1)
  })

  it.each([new OwnOptions(), Object.create(null) as object])(
    'is none where it is an object of options, however that was made: %#',
    async (options) => {
      await expect(map.size(options)).resolves.toBe(0)
    },
  )

  it('is none where servers take it: an extractor for the order of what it gives', async () => {
    const values = map.values({ comparator: EXTRACTOR }) as AsyncIterable<unknown>

    await expect(values[Symbol.asyncIterator]().next()).resolves.toEqual({ done: true, value: undefined })
  })
})

describe('a constructor that is not for users', () => {
  it('of a session says how to get one', () => {
    const construct = Session as unknown as new (options?: object) => Session
    const message = 'A session is not made with new; call await Session.create(options)'

    expect(() => new construct()).toThrow(new TypeError(message))
    expect(() => new construct(new Options())).toThrow(new TypeError(message))
  })

  it('of a map says how to get one', () => {
    const construct = NamedMap as unknown as new (name?: string) => NamedMap<unknown, unknown>

    expect(() => new construct('m')).toThrow(
      new TypeError(
        'A NamedMap is not made with new; call await session.getMap(name) or session.getCache(name)',
      ),
    )
  })

  it('of an event says how to get one', () => {
    const construct = MapEvent as unknown as new (map?: object) => object

    expect(() => new construct({})).toThrow(
      new TypeError('A MapEvent is not made with new; call await map.listen(listener) to get them'),
    )
  })
})

describe('a class in place of options of a session', () => {
  it.each<[object, string]>([
    [Options, 'Invalid options: the options are the class Options; they must be a plain object'],
    [
      { tlsOptions: TlsOptions },
      'Invalid options: tlsOptions is the class TlsOptions; it must be a plain object',
    ],
  ])('is named: %#', async (options, message) => {
    await expect(Session.create(options)).rejects.toThrow(message)
  })
})
