// Streamed reads: on streams of their own, at the pace of their consumers, ended when they are left.
import {
  ConnectionError,
  Extractors,
  Filters,
  Processors,
  RequestTimeoutError,
  ServerError,
} from 'coherence-ts'
import { Status } from 'nice-grpc'
import { NamedCacheRequestType as Type } from '../../../gen/coherence/cache/v1/cache_service_messages_v1'
import { bytesPayload, entryPayload, json, payload } from '../../support/fake-caches'
import { noAnswer, type FakeRequest } from '../../support/fake-proxy'
import { fakeWorld } from '../../support/fake-world'
import { range } from '../../support/sequences'

/** What is asked for all together; without a filter, the first elements would come from a page. */
const QUERY = { filter: Filters.always() }
const LARGE = Buffer.concat([json('').subarray(0, 1), Buffer.from(`"${'x'.repeat(100_000)}"`)])

/** Many large items, each when the client has read most of those before. */
function flood(request: FakeRequest): void {
  request.answer(...range(0, 500).map(() => bytesPayload(LARGE)))
}

async function first<T>(results: AsyncIterable<T>): Promise<T | undefined> {
  for await (const result of results) return result
  return undefined
}

describe('a streamed read', () => {
  it('gives all there is', async () => {
    await using world = await fakeWorld<number, string>('m')
    const { proxy, map } = world
    const entries = range(0, 300).map((key) => [key, `value ${key}`] as const)
    proxy.caches.fill('m', entries)

    expect(await map.keys(QUERY).toArray()).toEqual(range(0, 300))
    expect(await map.values(QUERY).toArray()).toEqual(entries.map(([, value]) => value))
    expect(await map.entries(QUERY).toMap()).toEqual(new Map(entries))
  })

  it('as a whole begins anew when the connection is lost in the middle of its answer', async () => {
    await using world = await fakeWorld<number, string>('m')
    const { proxy, map, session } = world
    proxy.caches.fill('m', [[2, 'b']])
    proxy.once(Type.QueryKeys, (request) => request.item(bytesPayload(json(1))))

    const keys = map.keys(QUERY).toArray()
    await proxy.arrival(Type.QueryKeys)
    // When the answer to this is there, the first key is.
    await session.ping()
    await proxy.cut()

    expect(await keys).toEqual([2])
    expect(proxy.received(Type.QueryKeys)).toHaveLength(2)
    expect(session.stats().resentRequests).toBe(1)
  })

  it('gives each of several calls made at once an element of its own', async () => {
    await using world = await fakeWorld<number, string>('m')
    const { proxy, map } = world
    proxy.caches.fill(
      'm',
      range(0, 10).map((key) => [key, 'value']),
    )
    const keys = map.keys(QUERY)[Symbol.asyncIterator]()
    const results = await Promise.all(range(0, 12).map(() => keys.next()))

    expect(results.map(({ value }): unknown => value)).toEqual([...range(0, 10), undefined, undefined])
  })

  it('that is left while an element is awaited ends that wait', async () => {
    await using world = await fakeWorld<number, string>('m')
    const { proxy, map } = world
    proxy.on(Type.QueryKeys, (request) => request.item(bytesPayload(json(1))))
    const keys = map.keys(QUERY)[Symbol.asyncIterator]()
    expect(await keys.next()).toEqual({ done: false, value: 1 })
    const next = keys.next()
    await keys.return?.()

    expect(await next).toEqual({ done: true, value: undefined })
    expect(await map.size()).toBe(0)
  })

  it('of nothing gives nothing', async () => {
    await using world = await fakeWorld('m')
    const { map } = world

    expect(await map.entries(QUERY).toArray()).toEqual([])
  })

  it('sends nothing before it is consumed', async () => {
    await using world = await fakeWorld('m')
    const { proxy, map } = world

    map.entries(QUERY)
    await map.size()

    expect(proxy.streams).toHaveLength(1)
  })

  it('uses the stream of an earlier one again', async () => {
    await using world = await fakeWorld('m')
    const { proxy, map } = world

    for (let count = 0; count < 10; count++) await map.keys(QUERY).toArray()

    expect(proxy.streams).toHaveLength(2)
  })

  it('of another map uses it too', async () => {
    await using world = await fakeWorld('one')
    const { proxy, session, map: one } = world
    const two = await session.getMap('two')
    proxy.caches.fill('one', [['a', 1]])
    proxy.caches.fill('two', [['b', 2]])

    expect([await one.keys(QUERY).toArray(), await two.keys(QUERY).toArray()]).toEqual([['a'], ['b']])
    expect(proxy.streams).toHaveLength(2)
  })

  it('holds a few items while its consumer takes its time', async () => {
    await using world = await fakeWorld<string, string>('m')
    const { proxy, map } = world
    proxy.on(Type.QueryValues, flood)
    const values = map.values(QUERY)[Symbol.asyncIterator]()
    await values.next()
    const stream = proxy.received(Type.QueryValues)[0]?.stream
    // Meanwhile other calls are answered, and the server could write a lot.
    for (const key of range(0, 50)) await map.get(String(key))

    expect(stream?.written).toBeGreaterThan(0)
    expect(stream?.written).toBeLessThan(100)
    await values.return?.()
  })

  it('goes on where its consumer does', async () => {
    await using world = await fakeWorld<string, string>('m')
    const { proxy, map } = world
    proxy.on(Type.QueryValues, flood)
    let count = 0
    for await (const value of map.values(QUERY)) {
      count += value.length === 100_000 ? 1 : 0
      if (count % 50 === 0) await map.size()
    }

    expect(count).toBe(500)
  })

  it('that is left early ends on the server', async () => {
    await using world = await fakeWorld<string, string>('m')
    const { proxy, map } = world
    proxy.on(Type.QueryValues, flood)

    expect(await first(map.values(QUERY))).toHaveLength(100_000)

    const stream = proxy.received(Type.QueryValues)[0]?.stream
    await proxy.until(() => stream?.isOpen === false)
    expect(await map.size()).toBe(0)
  })

  it('that is left by an error of its consumer ends on the server', async () => {
    await using world = await fakeWorld<string, string>('m')
    const { proxy, map } = world
    proxy.on(Type.QueryEntries, (request) => request.item(entryPayload(json('k'), json('v'))))
    const fault = new Error('the fault of the consumer')

    await expect(
      map.forEach(() => {
        throw fault
      }, QUERY),
    ).rejects.toBe(fault)

    const stream = proxy.received(Type.QueryEntries)[0]?.stream
    await proxy.until(() => stream?.isOpen === false)
  })

  it('with a limit takes no more', async () => {
    await using world = await fakeWorld<number, number>('m')
    const { proxy, map } = world
    proxy.caches.fill(
      'm',
      range(0, 10).map((key) => [key, key]),
    )

    expect(await map.keys({ ...QUERY, limit: 3 }).toArray()).toEqual([0, 1, 2])
  })

  it('that fails half-way gives what came before, then the error', async () => {
    await using world = await fakeWorld<string, number>('m')
    const { proxy, map } = world
    proxy.on(Type.QueryKeys, (request) => {
      request.item(bytesPayload(json('a')))
      request.item(bytesPayload(json('b')))
      request.error('half-way')
    })
    const seen: string[] = []

    const read = async (): Promise<void> => {
      for await (const key of map.keys(QUERY)) seen.push(key)
    }

    await expect(read()).rejects.toThrow("half-way (keys on map 'm' failed on the server)")
    expect(seen).toEqual(['a', 'b'])
  })

  it('of another type of answer is a ProtocolError', async () => {
    await using world = await fakeWorld('m')
    const { proxy, map } = world
    proxy.once(Type.QueryKeys, (request) =>
      request.answer(payload('google.protobuf.StringValue', Buffer.alloc(0))),
    )

    await expect(map.keys(QUERY).toArray()).rejects.toMatchObject({ code: 'ERR_COHERENCE_PROTOCOL' })
    expect(await map.keys(QUERY).toArray()).toEqual([])
  })

  it.each([
    ['is not Protobuf', payload('google.protobuf.BytesValue', Buffer.from([0xff]))],
    ['has no type', { typeUrl: '', value: Buffer.alloc(0) }],
  ])('whose item %s is a ProtocolError', async (_what, item) => {
    await using world = await fakeWorld('m')
    const { proxy, map } = world
    proxy.once(Type.QueryKeys, (request) => request.answer(item))

    await expect(map.keys(QUERY).toArray()).rejects.toMatchObject({ code: 'ERR_COHERENCE_PROTOCOL' })
  })

  it('lost before its first item begins again', async () => {
    await using world = await fakeWorld('m')
    const { proxy, map } = world
    proxy.caches.fill('m', [['k', 1]])
    proxy.once(Type.QueryKeys, noAnswer)
    const keys = map.keys(QUERY).toArray()
    await proxy.arrival(Type.QueryKeys)

    await proxy.cut()

    expect(await keys).toEqual(['k'])
  })

  it('lost after its first item ends with ConnectionError', async () => {
    await using world = await fakeWorld<string, number>('m')
    const { proxy, map } = world
    proxy.once(Type.QueryKeys, (request) => request.item(bytesPayload(json('k'))))
    const keys = map.keys(QUERY)[Symbol.asyncIterator]()
    expect(await keys.next()).toEqual({ done: false, value: 'k' })

    await proxy.cut()

    await expect(keys.next()).rejects.toThrow(ConnectionError)
    expect(await keys.next()).toEqual({ done: true, value: undefined })
  })

  it('whose stream alone ends before its first item begins again', async () => {
    await using world = await fakeWorld('m')
    const { proxy, session, map } = world
    proxy.caches.fill('m', [['k', 1]])
    proxy.once(Type.QueryKeys, ({ stream }) => stream.fail(Status.CANCELLED, 'reset'))

    expect(await map.keys(QUERY).toArray()).toEqual(['k'])
    expect(session.closed).toBe(false)
  })

  it('that never gets a stream ends with its time, and with an error of this library', async () => {
    await using world = await fakeWorld('m')
    const { proxy, map } = world
    proxy.onInit((stream) => stream.fail(Status.RESOURCE_EXHAUSTED, 'too many streams'))

    const error: unknown = await map
      .keys({ ...QUERY, timeoutSeconds: 0.5 })
      .toArray()
      .catch((reason: unknown) => reason)

    expect(error).toBeInstanceOf(ConnectionError)
    expect((error as Error).message).toContain('too many streams')
    expect(proxy.inits.length).toBeLessThan(20)
    expect(await map.size()).toBe(0)
  })

  it('whose handshake is not answered ends with its time', async () => {
    await using world = await fakeWorld('m')
    const { proxy, map } = world
    proxy.onInit(noAnswer)

    await expect(map.keys({ ...QUERY, timeoutSeconds: 0.5 }).toArray()).rejects.toMatchObject({
      code: 'ERR_COHERENCE_TIMEOUT',
      operation: 'keys',
    })
    await proxy.until(() => proxy.open.length === 1)
  })

  it('that waits longer than its time for an item ends, and its stream with it', async () => {
    await using world = await fakeWorld<string, number>('m')
    const { proxy, map } = world
    proxy.once(Type.QueryKeys, (request) => request.item(bytesPayload(json('k'))))
    const keys = map.keys({ ...QUERY, timeoutSeconds: 0.2 })[Symbol.asyncIterator]()
    await keys.next()

    await expect(keys.next()).rejects.toThrow(RequestTimeoutError)
    await proxy.until(() => proxy.open.length === 1)
  })

  it('takes as long as its consumer likes', async () => {
    await using world = await fakeWorld<string, number>('m')
    const { proxy, session, map } = world
    const other = await session.getMap('other')
    proxy.once(Type.QueryKeys, (request) => request.answer(bytesPayload(json('a')), bytesPayload(json('b'))))
    proxy.once(Type.Get, noAnswer)
    const keys = map.keys({ ...QUERY, timeoutSeconds: 0.1 })[Symbol.asyncIterator]()
    await keys.next()
    await expect(other.get('k', { timeoutSeconds: 0.3 })).rejects.toThrow(RequestTimeoutError)

    expect(await keys.next()).toEqual({ done: false, value: 'b' })
    expect((await keys.next()).done).toBe(true)
  })

  it('that is aborted ends with the reason', async () => {
    await using world = await fakeWorld<string, number>('m')
    const { proxy, map } = world
    proxy.once(Type.QueryKeys, (request) => request.item(bytesPayload(json('k'))))
    const abort = new AbortController()
    const keys = map.keys({ ...QUERY, signal: abort.signal })[Symbol.asyncIterator]()
    await keys.next()
    const next = keys.next()

    abort.abort('enough')

    await expect(next).rejects.toBe('enough')
    await proxy.until(() => proxy.open.length === 1)
  })

  it('that is aborted when all items have come does not look complete', async () => {
    await using world = await fakeWorld<string, number>('m')
    const { proxy, map } = world
    proxy.caches.fill('m', [
      ['a', 1],
      ['b', 2],
      ['c', 3],
    ])
    const abort = new AbortController()
    const keys = map.keys({ ...QUERY, signal: abort.signal })[Symbol.asyncIterator]()
    await keys.next()
    await map.size()

    abort.abort('enough')

    await expect(keys.next()).rejects.toBe('enough')
  })

  it('that is aborted while it waits for another attempt ends with the reason', async () => {
    await using world = await fakeWorld('m')
    const { proxy, map } = world
    const abort = new AbortController()
    let attempts = 0
    proxy.onInit((stream) => {
      attempts += 1
      stream.fail(Status.RESOURCE_EXHAUSTED, 'too many streams')
      if (attempts === 5) abort.abort('enough')
    })

    await expect(map.keys({ ...QUERY, signal: abort.signal }).toArray()).rejects.toBe('enough')
  })

  it('inside of a streamed read, a hundred deep, waits for none of them', async () => {
    await using world = await fakeWorld<string, number>('m')
    const { proxy, map } = world
    proxy.caches.fill('m', [['k', 1]])
    const nest = async (depth: number): Promise<number> => {
      for await (const key of map.keys(QUERY)) return depth === 0 ? key.length : nest(depth - 1)
      return -1
    }

    expect(await nest(100)).toBe(1)
  })

  it('keeps a few streams for the next, and no more', async () => {
    await using world = await fakeWorld('m')
    const { proxy, map } = world

    await Promise.all(range(0, 20).map(() => map.keys(QUERY).toArray()))

    await proxy.until(() => proxy.open.length <= 5)
    expect(proxy.open.length).toBeGreaterThan(1)
  })

  it('does not hold up other calls', async () => {
    await using world = await fakeWorld<string, string>('m')
    const { proxy, map } = world
    proxy.on(Type.QueryValues, flood)
    const values = map.values(QUERY)[Symbol.asyncIterator]()
    await values.next()

    await Promise.all(range(0, 100).map((key) => map.set(String(key), 'v')))

    expect(await map.size()).toBe(100)
    await values.return?.()
  })
})

describe('an invocation of many entries', () => {
  const PROCESSOR = Processors.extract(Extractors.identity())

  it('lost before its answer is not sent again', async () => {
    await using world = await fakeWorld('m')
    const { proxy, map } = world
    proxy.on(Type.Invoke, noAnswer)
    const results = map.invokeAll(PROCESSOR).catch((error: unknown) => error)
    await proxy.arrival(Type.Invoke)

    await proxy.cut()

    expect(await results).toMatchObject({ code: 'ERR_COHERENCE_CONNECTION', outcome: 'unknown' })
    await map.size()
    expect(proxy.received(Type.Invoke)).toHaveLength(1)
  })

  it('whose stream ends before it was sent is sent on another', async () => {
    await using world = await fakeWorld('m')
    const { proxy, map } = world
    proxy.caches.fill('m', [['k', 1]])
    proxy.once(Type.EnsureCache, ({ stream }) => stream.fail(Status.CANCELLED, 'reset'))

    expect([...(await map.invokeAll(PROCESSOR)).keys()]).toEqual(['k'])
    expect(proxy.received(Type.Invoke)).toHaveLength(1)
  })

  it.each([{}, { discardResults: true }] as const)(
    'has no more time than its call, with %j',
    async (options) => {
      await using world = await fakeWorld('m')
      const { proxy, map } = world
      let trickle: NodeJS.Timeout | undefined
      // An item comes well within the time that the call has, again and again, and the answer does not end.
      proxy.once(Type.Invoke, (request) => {
        trickle = setInterval(() => request.item(entryPayload(json('k'), json(1))), 20)
      })

      const results = map.invokeAll(PROCESSOR, { ...options, timeoutSeconds: 0.2 } as {
        timeoutSeconds: number
      })
      const failure: unknown = await results.catch((error: unknown) => error)
      clearInterval(trickle)
      expect(failure).toMatchObject({
        code: 'ERR_COHERENCE_TIMEOUT',
        operation: 'invokeAll',
        outcome: 'unknown',
      })
    },
  )

  it('is refused like any other call', async () => {
    await using world = await fakeWorld('m')
    const { proxy, map } = world
    proxy.once(Type.Invoke, (request) => request.error('no such processor'))

    await expect(map.invokeAll(PROCESSOR)).rejects.toThrow(ServerError)
  })
})
