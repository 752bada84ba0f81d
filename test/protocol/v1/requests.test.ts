// What each operation of the port sends: the type of its request, and its payload to the last field.
import { Aggregators, Comparators, Extractors, Filters, Processors } from 'coherence-ts'
import {
  EnsureCacheRequest,
  ExecuteRequest,
  IndexRequest,
  NamedCacheRequestType as Type,
  PutAllRequest,
  PutRequest,
  QueryRequest,
  ReplaceMappingRequest,
} from '../../../gen/coherence/cache/v1/cache_service_messages_v1'
import {
  BinaryKeyAndValue,
  CollectionOfBytesValues,
} from '../../../gen/coherence/common/v1/common_messages_v1'
import { BytesValue } from '../../../gen/google/protobuf/wrappers'
import type { Call } from '../../../src/calls/call'
import { PackedBytes } from '../../../src/bytes'
import type { RemoteCache, StreamedElements } from '../../../src/protocol/port'
import { json } from '../../support/fake-caches'
import { callTo, CLIENT_ID, connectTo, openCache } from '../../support/fake-connection'
import { acceptInit, FakeProxy } from '../../support/fake-proxy'

const KEY = json('key')
const VALUE = json('value')
const OTHER = json('other')
const EXTRACTOR = json(Extractors.identity())
const OTHER_EXTRACTOR = json(Extractors.extract('other'))
const FILTER = json(Filters.always())
const COMPARATOR = json(Comparators.by(Extractors.identity()))
const PROCESSOR = json(Processors.extract(Extractors.identity()))
const AGGREGATOR = json(Aggregators.count())

interface Sent {
  readonly type: Type
  readonly typeUrl: string | undefined
  readonly message: unknown
}

interface Decoder {
  decode(bytes: Uint8Array): unknown
}

type Row = [
  operation: string,
  send: (cache: RemoteCache, call: Call) => Promise<unknown>,
  type: Type,
  payload: readonly [typeUrl: string, decoder: Decoder, message: unknown] | undefined,
]

function putAll(cache: RemoteCache, ttlMillis: number, call: Call): Promise<void> {
  return cache.putAll(packed(KEY, VALUE), ttlMillis, call)
}

function packed(...items: readonly Buffer[]): PackedBytes {
  const all = new PackedBytes(1)
  for (const item of items) all.add(item)
  return all
}

async function drained(elements: StreamedElements<unknown>): Promise<void> {
  while (await elements.more()) while (elements.take() !== undefined);
}

const cached = (name: string): string => `type.googleapis.com/coherence.cache.v1.${name}`
const common = (name: string): string => `type.googleapis.com/coherence.common.v1.${name}`
const bytes = (value: Buffer) =>
  ['type.googleapis.com/google.protobuf.BytesValue', BytesValue, { value }] as const
const entry = (key: Buffer, value: Buffer) =>
  [common('BinaryKeyAndValue'), BinaryKeyAndValue, { key, value }] as const
const put = (message: unknown) => [cached('PutRequest'), PutRequest, message] as const
const execute = (agent: Buffer, keyOrFilter: unknown) =>
  [
    cached('ExecuteRequest'),
    ExecuteRequest,
    { agent, keys: keyOrFilter === undefined ? undefined : { keyOrFilter } },
  ] as const
const query = (filter: Buffer | undefined, comparator: Buffer | undefined) =>
  [cached('QueryRequest'), QueryRequest, { filter, comparator }] as const
const index = (message: unknown) => [cached('IndexRequest'), IndexRequest, message] as const

const ONE_KEY = { $case: 'key', value: KEY }
const KEYS = { $case: 'keys', value: { values: [KEY, OTHER] } }
const ONE_FILTER = { $case: 'filter', value: FILTER }
const BY_KEYS = { kind: 'keys', keys: [KEY, OTHER] } as const
const BY_FILTER = { kind: 'filter', filter: FILTER } as const
const ALL = { kind: 'all' } as const
const EVERYTHING = { filter: undefined, comparator: undefined }
const QUERY = { filter: FILTER, comparator: COMPARATOR }

const ROWS: Row[] = [
  ['get', (cache, call) => cache.get(KEY, call), Type.Get, bytes(KEY)],
  [
    'getAll',
    (cache, call) => cache.getAll(packed(KEY, OTHER), () => undefined, call),
    Type.GetAll,
    [common('CollectionOfBytesValues'), CollectionOfBytesValues, { values: [KEY, OTHER] }],
  ],
  [
    'put with the default time to live',
    (cache, call) => cache.put(KEY, VALUE, 0, call),
    Type.Put,
    put({ key: KEY, value: VALUE, ttl: 0n }),
  ],
  [
    'put for ever',
    (cache, call) => cache.put(KEY, VALUE, -1, call),
    Type.Put,
    put({ key: KEY, value: VALUE, ttl: -1n }),
  ],
  [
    'put for longer than 32 bits tell',
    (cache, call) => cache.put(KEY, VALUE, 2 ** 40, call),
    Type.Put,
    put({ key: KEY, value: VALUE, ttl: 1n << 40n }),
  ],
  [
    'putAll',
    (cache, call) => putAll(cache, 0, call),
    Type.PutAll,
    [cached('PutAllRequest'), PutAllRequest, { entries: [{ key: KEY, value: VALUE }], ttl: undefined }],
  ],
  [
    // Servers store null in place of the values of a PutAll that has a time to live.
    'putAll with a time to live',
    (cache, call) => putAll(cache, 1_500, call),
    Type.Put,
    put({ key: KEY, value: VALUE, ttl: 1_500n }),
  ],
  [
    'putIfAbsent',
    (cache, call) => cache.putIfAbsent(KEY, VALUE, call),
    Type.PutIfAbsent,
    put({ key: KEY, value: VALUE, ttl: 0n }),
  ],
  ['replace', (cache, call) => cache.replace(KEY, VALUE, call), Type.Replace, entry(KEY, VALUE)],
  [
    'replaceMapping',
    (cache, call) => cache.replaceMapping(KEY, OTHER, VALUE, call),
    Type.ReplaceMapping,
    [
      cached('ReplaceMappingRequest'),
      ReplaceMappingRequest,
      { key: KEY, previousValue: OTHER, newValue: VALUE },
    ],
  ],
  ['remove', (cache, call) => cache.remove(KEY, call), Type.Remove, bytes(KEY)],
  [
    'removeMapping',
    (cache, call) => cache.removeMapping(KEY, VALUE, call),
    Type.RemoveMapping,
    entry(KEY, VALUE),
  ],
  ['containsKey', (cache, call) => cache.containsKey(KEY, call), Type.ContainsKey, bytes(KEY)],
  ['containsValue', (cache, call) => cache.containsValue(VALUE, call), Type.ContainsValue, bytes(VALUE)],
  [
    'containsEntry',
    (cache, call) => cache.containsEntry(KEY, VALUE, call),
    Type.ContainsEntry,
    entry(KEY, VALUE),
  ],
  ['isEmpty', (cache, call) => cache.isEmpty(call), Type.IsEmpty, undefined],
  ['isReady', (cache, call) => cache.isReady(call), Type.IsReady, undefined],
  ['size', (cache, call) => cache.size(call), Type.Size, undefined],
  ['clear', (cache, call) => cache.clear(call), Type.Clear, undefined],
  ['truncate', (cache, call) => cache.truncate(call), Type.Truncate, undefined],
  ['destroy', (cache, call) => cache.destroy(call), Type.Destroy, undefined],
  [
    'addIndex',
    (cache, call) => cache.queries.addIndex(EXTRACTOR, true, COMPARATOR, call),
    Type.Index,
    index({ add: true, extractor: EXTRACTOR, sorted: true, comparator: COMPARATOR }),
  ],
  [
    'addIndex without order',
    (cache, call) => cache.queries.addIndex(OTHER_EXTRACTOR, false, undefined, call),
    Type.Index,
    index({ add: true, extractor: OTHER_EXTRACTOR, sorted: false, comparator: undefined }),
  ],
  [
    'removeIndex',
    (cache, call) => cache.queries.removeIndex(EXTRACTOR, call),
    Type.Index,
    index({ add: false, extractor: EXTRACTOR, sorted: undefined, comparator: undefined }),
  ],
  [
    'invoke',
    (cache, call) => cache.queries.invoke(KEY, PROCESSOR, call),
    Type.Invoke,
    execute(PROCESSOR, ONE_KEY),
  ],
  [
    'invokeAll by keys',
    (cache, call) => drained(cache.queries.invokeAll(PROCESSOR, BY_KEYS, call)),
    Type.Invoke,
    execute(PROCESSOR, KEYS),
  ],
  [
    'invokeAll by filter',
    (cache, call) => drained(cache.queries.invokeAll(PROCESSOR, BY_FILTER, call)),
    Type.Invoke,
    execute(PROCESSOR, ONE_FILTER),
  ],
  [
    'invokeAll',
    (cache, call) => drained(cache.queries.invokeAll(PROCESSOR, ALL, call)),
    Type.Invoke,
    execute(PROCESSOR, undefined),
  ],
  [
    'aggregate by keys',
    (cache, call) => cache.queries.aggregate(AGGREGATOR, BY_KEYS, call),
    Type.Aggregate,
    execute(AGGREGATOR, KEYS),
  ],
  [
    'aggregate by filter',
    (cache, call) => cache.queries.aggregate(AGGREGATOR, BY_FILTER, call),
    Type.Aggregate,
    execute(AGGREGATOR, ONE_FILTER),
  ],
  [
    'aggregate',
    (cache, call) => cache.queries.aggregate(AGGREGATOR, ALL, call),
    Type.Aggregate,
    execute(AGGREGATOR, undefined),
  ],
  [
    'queryKeys',
    (cache, call) => drained(cache.queries.queryKeys(EVERYTHING, call)),
    Type.QueryKeys,
    query(undefined, undefined),
  ],
  [
    'queryValues',
    (cache, call) => drained(cache.queries.queryValues(QUERY, call)),
    Type.QueryValues,
    query(FILTER, COMPARATOR),
  ],
  [
    'queryEntries',
    (cache, call) => drained(cache.queries.queryEntries({ filter: FILTER, comparator: undefined }, call)),
    Type.QueryEntries,
    query(FILTER, undefined),
  ],
]

describe('a connection', () => {
  let proxy: FakeProxy

  beforeAll(async () => {
    proxy = await FakeProxy.start()
  })

  afterAll(async () => {
    await proxy[Symbol.asyncDispose]()
  })

  it('shakes hands with the scope, the format and the id of the client', async () => {
    proxy.onInit(acceptInit)
    const connection = await connectTo(proxy, {
      scope: 'my-scope',
      format: 'json',
      identity: {
        memberName: 'orders-7',
        roleName: 'orders',
        rackName: 'r',
        siteName: 's',
        machineName: 'm',
      },
    })
    proxy.onInit()

    expect(proxy.inits.at(-1)).toEqual({
      scope: 'my-scope',
      format: 'json',
      protocol: 'CacheService',
      protocolVersion: 1,
      supportedProtocolVersion: 1,
      heartbeat: undefined,
      clientUuid: CLIENT_ID,
      identity: {
        clusterName: undefined,
        machineId: 0,
        machineName: 'm',
        memberName: 'orders-7',
        priority: 0,
        processName: undefined,
        rackName: 'r',
        roleName: 'orders',
        siteName: 's',
      },
    })
    await connection.close('the test is over')
  })

  it('ensures a cache by its name', async () => {
    const connection = await connectTo(proxy)
    await openCache(connection, 'a name with spaces')
    const [request] = proxy.received(Type.EnsureCache).slice(-1)

    expect(request?.cacheId).toBeUndefined()
    expect(request?.payload?.typeUrl).toBe(cached('EnsureCacheRequest'))
    expect(request?.read(EnsureCacheRequest)).toEqual({ cache: 'a name with spaces' })
    await connection.close('the test is over')
  })

  it('gives every request of a stream an id of its own', async () => {
    const connection = await connectTo(proxy)
    const cache = await openCache(connection, 'm')
    await Promise.all(Array.from({ length: 20 }, () => cache.size(callTo('size'))))
    const stream = proxy.open.at(-1)
    const ids = proxy.requests.filter((request) => request.stream === stream).map((request) => request.id)

    expect(new Set(ids).size).toBe(ids.length)
    expect(ids.every((id) => id > 1)).toBe(true)
    await connection.close('the test is over')
  })

  it.each(ROWS)('sends for %s what the server expects', async (_operation, send, type, expected) => {
    const connection = await connectTo(proxy)
    const cache = await openCache(connection, 'm')

    await send(cache, callTo('test'))

    const request = proxy.requests.at(-1)
    const sent: Sent = {
      type: request?.type ?? Type.Unknown,
      typeUrl: request?.payload?.typeUrl,
      message: expected === undefined ? undefined : request?.read(expected[1]),
    }
    expect(sent).toEqual({ type, typeUrl: expected?.[0], message: expected?.[2] })
    expect(request?.cacheName).toBe('m')
    await connection.close('the test is over')
  })
})
