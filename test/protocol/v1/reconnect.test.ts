// What becomes of calls, maps and the session when the connection is lost, and when it is there again.
import {
  ConnectionError,
  Filters,
  ProtocolError,
  ServerError,
  Session,
  SessionClosedError,
  type SessionOptions,
} from 'coherence-ts'
import { Status } from 'nice-grpc'
import {
  EnsureCacheRequest,
  NamedCacheRequestType as Type,
  PutRequest,
  ResponseType,
} from '../../../gen/coherence/cache/v1/cache_service_messages_v1'
import { failureOf } from '../../support/failures'
import { json, optionalPayload } from '../../support/fake-caches'
import { answerAsUsual, FakeProxy, type FakeRequest, noAnswer } from '../../support/fake-proxy'
import { fakeWorld } from '../../support/fake-world'
import { SessionDiary } from '../../support/session-events'
import { warningsDuring } from '../../support/warnings'
import { range } from '../../support/sequences'

describe('when the connection is lost', () => {
  it('a read without an answer is sent again', async () => {
    await using world = await fakeWorld('m')
    const { proxy, map } = world
    proxy.caches.fill('m', [['k', 1]])
    proxy.once(Type.Get, noAnswer)
    const value = map.get('k')
    await proxy.arrival(Type.Get)

    await proxy.cut()

    expect(await value).toBe(1)
    expect(proxy.received(Type.Get).map((request) => proxy.streams.indexOf(request.stream))).toEqual([0, 1])
  })

  it('a read of which some items have come gives each item once', async () => {
    await using world = await fakeWorld('m')
    const { proxy, map } = world
    proxy.caches.fill('m', [
      ['a', 1],
      ['b', 2],
    ])
    proxy.once(Type.GetAll, (request) => {
      request.answerAsUsual()
      request.stream.fail(Status.UNAVAILABLE, 'gone')
    })
    proxy.once(Type.GetAll, noAnswer)
    const values = map.getAll(['a', 'b'])
    await proxy.arrival(Type.GetAll)
    await proxy.cut()

    expect([...(await values)]).toEqual([
      ['a', 1],
      ['b', 2],
    ])
  })

  it('a write without an answer may have been done, and is not sent again', async () => {
    await using world = await fakeWorld('m')
    const { proxy, map } = world
    proxy.once(Type.Put, noAnswer)
    const write = map.set('k', 1).catch((error: unknown) => error)
    await proxy.arrival(Type.Put)

    await proxy.cut()

    const error = await write
    expect(error).toBeInstanceOf(ConnectionError)
    expect(error).toMatchObject({ outcome: 'unknown', address: proxy.address })
    expect((error as Error).message).toContain("set on map 'm' lost its connection")
    await map.size()
    expect(proxy.received(Type.Put)).toHaveLength(1)
  })

  it('every write without an answer ends, each once', async () => {
    await using world = await fakeWorld('m')
    const { proxy, map } = world
    proxy.on(Type.Put, noAnswer)
    const writes = Promise.allSettled(range(0, 64).map((key) => map.set(key, key)))
    await proxy.arrival(Type.Put, 64)

    await proxy.cut()

    const lost = { status: 'rejected', reason: { code: 'ERR_COHERENCE_CONNECTION', outcome: 'unknown' } }
    expect(await writes).toMatchObject(range(0, 64).map(() => lost))
  })

  it('the same map objects go on', async () => {
    await using proxy = await FakeProxy.start()
    await using session = await Session.create({ address: proxy.address })
    const diary = new SessionDiary(session)
    const maps = await Promise.all(['a', 'b', 'c'].map((name) => session.getMap(name)))

    await proxy.cut()
    await diary.first('disconnected')
    await Promise.all(maps.map((map) => map.set('k', map.name)))

    expect(maps.map(({ name }) => proxy.caches.valueOf(name, 'k'))).toEqual(['a', 'b', 'c'])
    expect(await session.getMap('a')).toBe(maps[0])
    const names = proxy.received(Type.EnsureCache).map((request) => request.read(EnsureCacheRequest).cache)
    expect(names).toEqual(['a', 'b', 'c', 'a', 'b', 'c'])
  })

  it('the session reports it once, and the new connection once', async () => {
    await using proxy = await FakeProxy.start()
    await using session = await Session.create({ address: proxy.address })
    const diary = new SessionDiary(session)
    await diary.first('connected')

    await proxy.cut()
    await diary.first('reconnected')

    expect(diary.types).toEqual(['connected', 'disconnected', 'reconnected'])
    const { reason } = await diary.first('disconnected')
    expect(reason).toBeInstanceOf(ConnectionError)
    expect((reason as ConnectionError).address).toBe(proxy.address)
  })

  it('many maps cause no warning of a listener leak', async () => {
    await using proxy = await FakeProxy.start()
    await using session = await Session.create({ address: proxy.address })
    const diary = new SessionDiary(session)
    const warnings = await warningsDuring(async () => {
      await Promise.all(range(0, 40).map((number) => session.getMap(`m${number}`)))
      await proxy.cut()
      await diary.first('reconnected')
    })

    expect(warnings).toEqual([])
  })

  it('a map that the server refuses then does not keep the others from working', async () => {
    await using world = await fakeWorld('good')
    const { proxy, session, map: good } = world
    const bad = await session.getMap('bad')
    proxy.on(Type.EnsureCache, (request) => {
      if (request.read(EnsureCacheRequest).cache === 'bad') request.error('not any more')
      else answerAsUsual(request)
    })

    await proxy.cut()

    expect(await good.size()).toBe(0)
    const error: unknown = await bad.size().catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(ServerError)
    expect(error).toMatchObject({
      message: "not any more (size on map 'bad' failed on the server)",
      operation: 'size',
    })
    proxy.on(Type.EnsureCache)
    expect(await bad.size()).toBe(0)
  })

  it('a map that gets no id then does not keep the others from working', async () => {
    await using world = await fakeWorld('good')
    const { proxy, session, map: good } = world
    const bad = await session.getMap('bad')
    proxy.on(Type.EnsureCache, (request) => {
      if (request.read(EnsureCacheRequest).cache === 'bad') request.complete()
      else answerAsUsual(request)
    })

    await proxy.cut()

    expect(await good.size()).toBe(0)
    await expect(bad.size()).rejects.toThrow(new ProtocolError("The server gave no id for map 'bad'"))
    proxy.on(Type.EnsureCache)
    expect(await bad.size()).toBe(0)
  })

  it('a map that is destroyed while the others are ensured again is inactive', async () => {
    await using world = await fakeWorld('doomed')
    const { proxy, session, map: doomed } = world
    await session.getMap('slow')
    const destroyed = new Promise((resolve) => doomed.on('destroyed', resolve))
    proxy.on(Type.EnsureCache, (request) => {
      answerAsUsual(request)
      const { stream } = request
      if (request.read(EnsureCacheRequest).cache === 'slow') {
        stream.event(stream.cacheId('doomed') ?? 0, ResponseType.Destroyed)
      }
    })

    await proxy.cut()
    await destroyed

    expect([doomed.isActive, session.activeMaps]).toEqual([false, ['slow']])
  })

  it('a handshake that fails is tried again', async () => {
    await using world = await fakeWorld('m')
    const { proxy, map } = world
    let refusals = 0
    proxy.onInit((stream, _init, id) => {
      refusals += 1
      if (refusals < 3) stream.fail(Status.INTERNAL, '')
      else stream.acceptInit(id)
    })

    await proxy.cut()

    expect(await map.size()).toBe(0)
  })

  it('a stream on which ensuring fails is not left open', async () => {
    await using proxy = await FakeProxy.start()
    await using session = await Session.create({ address: proxy.address, requestTimeoutSeconds: 1 })
    await session.getMap('m')
    const diary = new SessionDiary(session)
    proxy.once(Type.EnsureCache, noAnswer)

    await proxy.cut()
    await diary.first('reconnected')

    expect(proxy.open).toHaveLength(1)
    expect(proxy.streams).toHaveLength(3)
  })
})

describe('when an answer is of such a kind that its stream has to end', () => {
  const largest = { 'grpc.max_receive_message_length': 10_000 }
  const CASES: readonly (readonly [
    what: string,
    options: SessionOptions,
    answer: (request: FakeRequest) => void,
    cause: string,
  ])[] = [
    [
      'is no message',
      {},
      ({ stream }) => stream.sendBytes(Buffer.from([0xff])),
      'The server sent an answer that cannot be read',
    ],
    [
      'is too large',
      { channelOptions: largest },
      (request) => request.answer(optionalPayload(json('x'.repeat(20_000)))),
      'Received message larger than max',
    ],
  ]

  it.each(CASES)(
    'it is asked for three times where it %s, and the session goes on',
    async (_, options, answer, cause) => {
      await using world = await fakeWorld<string, number>('m', options)
      const { proxy, map } = world
      proxy.on(Type.Get, answer)

      const error = await failureOf(() => map.get('k'))

      expect(error).toBeInstanceOf(ConnectionError)
      expect((error as Error).message).toContain("get on map 'm' lost its connection before the answer: ")
      expect((error as Error).message).toContain(cause)
      expect(proxy.received(Type.Get)).toHaveLength(3)
      expect(await map.set('k', 1)).toBeUndefined()
    },
  )

  it('a streamed read is begun three times', async () => {
    await using world = await fakeWorld<string, number>('m')
    const { proxy, map } = world
    proxy.on(Type.QueryKeys, ({ stream }) => stream.sendBytes(Buffer.from([0xff])))

    await expect(map.keys({ filter: Filters.always() }).toArray()).rejects.toThrow(
      "keys on map 'm' lost its connection before the answer: The server sent an answer that cannot be read",
    )
    expect(proxy.received(Type.QueryKeys)).toHaveLength(3)
  })

  it('a write has an error at once, and a read beside it its answer', async () => {
    await using world = await fakeWorld<string, number>('m')
    const { proxy, map } = world
    proxy.once(Type.Put, ({ stream }) => stream.sendBytes(Buffer.from([0xff])))
    proxy.once(Type.Get, noAnswer)
    const read = map.get('other')

    await expect(map.set('k', 1)).rejects.toMatchObject({
      code: 'ERR_COHERENCE_CONNECTION',
      outcome: 'unknown',
    })
    expect(await read).toBeUndefined()
  })
})

describe('a connection that is lost as soon as it is made', () => {
  it('is not replaced at once, again and again', async () => {
    await using world = await fakeWorld('m')
    const { proxy, session, map } = world
    const times: number[] = []
    const sixTimes = new Promise<void>((resolve) => {
      session.on('reconnected', () => {
        times.push(performance.now())
        if (times.length === 6) resolve()
        else proxy.open.at(-1)?.end()
      })
    })

    await proxy.cut()
    await sixTimes

    // Of the five waits the first may be none, and each of the others is 50 ms at the least.
    expect((times.at(-1) ?? 0) - (times[0] ?? 0)).toBeGreaterThan(190)
    expect(await map.size()).toBe(0)
  })
})

describe('when the stream ends and the connection stays', () => {
  it.each<[how: string, end: (proxy: FakeProxy) => void]>([
    ['with an error', (proxy) => proxy.open[0]?.fail(Status.CANCELLED, 'reset')],
    ['as if all was well', (proxy) => proxy.open[0]?.end()],
  ])('%s, the session makes another', async (_how, end) => {
    await using world = await fakeWorld('m')
    const { proxy, map } = world
    proxy.once(Type.Get, noAnswer)
    const read = map.get('k')
    await proxy.arrival(Type.Get)

    end(proxy)

    expect(await read).toBeUndefined()
    expect(proxy.streams).toHaveLength(2)
  })

  it('again and again, calls are answered in between', async () => {
    await using world = await fakeWorld('m')
    const { proxy, map } = world
    let count = 0
    proxy.on(Type.Get, (request) => {
      count += 1
      if (count % 5 === 0) request.stream.fail(Status.CANCELLED, 'reset')
      else request.answerAsUsual()
    })

    for (const key of range(0, 20)) expect(await map.get(key)).toBeUndefined()

    expect(proxy.streams.length).toBeGreaterThan(3)
  })
})

describe('while there is no connection', () => {
  async function disconnected(
    proxy: FakeProxy,
    options: { readyTimeoutSeconds?: number; requestTimeoutSeconds?: number } = {},
  ): Promise<Session> {
    const session = await Session.create({ address: proxy.address, ...options })
    await session.getMap('m')
    const diary = new SessionDiary(session)
    proxy.stop()
    await diary.first('disconnected')
    return session
  }

  it('calls wait and are sent in their order', async () => {
    await using proxy = await FakeProxy.start()
    await using session = await disconnected(proxy)
    const map = await session.getMap('m')
    const writes = range(0, 20).map((key) => map.set(key, key))

    await proxy.start()
    await Promise.all(writes)

    const keys = proxy.received(Type.Put).map((request) => request.read(PutRequest).key.toString().slice(1))
    expect(keys).toEqual(range(0, 20).map(String))
  })

  it('a map can be asked for', async () => {
    await using proxy = await FakeProxy.start()
    await using session = await disconnected(proxy)
    const map = session.getMap('new')

    await proxy.start()

    expect((await map).name).toBe('new')
  })

  it.each(['get', 'keys', 'ping', 'getMap'] as const)(
    '%s ends with the time of the call, and says why',
    async (operation) => {
      await using proxy = await FakeProxy.start()
      await using session = await disconnected(proxy, { requestTimeoutSeconds: 1 })
      const map = await session.getMap('m')
      const calls = {
        get: () => map.get('k'),
        keys: () => map.keys().toArray(),
        ping: () => session.ping(),
        getMap: () => session.getMap('another'),
      }

      const error: unknown = await calls[operation]().catch((reason: unknown) => reason)

      expect(error).toBeInstanceOf(ConnectionError)
      expect(error).toMatchObject({ outcome: 'not-sent', address: proxy.address })
      expect((error as Error).message).toContain(operation)
      expect((error as Error).message).toMatch(/ECONNREFUSED|Connection dropped|closed by the server/)
    },
  )

  it.each(['get', 'keys', 'ping', 'getMap'] as const)(
    '%s fails at once where readyTimeoutSeconds is 0',
    async (operation) => {
      await using proxy = await FakeProxy.start()
      await using session = await disconnected(proxy, { readyTimeoutSeconds: 0 })
      const map = await session.getMap('m')
      const calls = {
        get: () => map.get('k'),
        keys: () => map.keys().toArray(),
        ping: () => session.ping(),
        getMap: () => session.getMap('another'),
      }
      const start = performance.now()

      const error: unknown = await calls[operation]().catch((reason: unknown) => reason)

      expect(error).toBeInstanceOf(ConnectionError)
      expect(error).toMatchObject({ outcome: 'not-sent' })
      expect(performance.now() - start).toBeLessThan(1_000)
    },
  )

  it('a call waits for readyTimeoutSeconds, whatever time it has', async () => {
    await using proxy = await FakeProxy.start()
    await using session = await disconnected(proxy, { readyTimeoutSeconds: 0.2 })
    const map = await session.getMap('m')
    const start = performance.now()

    await expect(map.get('k')).rejects.toMatchObject({
      code: 'ERR_COHERENCE_CONNECTION',
      outcome: 'not-sent',
    })

    expect(performance.now() - start).toBeGreaterThan(150)
    expect(performance.now() - start).toBeLessThan(3_000)
  })

  it('a read that was sent before and is not answered fails where readyTimeoutSeconds is 0', async () => {
    await using world = await fakeWorld('m', { readyTimeoutSeconds: 0 })
    const { proxy, map } = world
    proxy.once(Type.Get, noAnswer)
    const read = map.get('k').catch((error: unknown) => error)
    await proxy.arrival(Type.Get)

    proxy.stop()

    expect(await read).toBeInstanceOf(ConnectionError)
  })

  it('a session closes itself after disconnectTimeoutSeconds', async () => {
    await using world = await fakeWorld('m', { disconnectTimeoutSeconds: 0.3 })
    const { proxy, session, map } = world
    const diary = new SessionDiary(session)
    proxy.stop()
    await diary.first('disconnected')
    const waiting = map.get('k').catch((error: unknown) => error)

    const { reason } = await diary.first('closed')

    expect(diary.types).toEqual(['disconnected', 'closed'])
    expect(reason).toBeInstanceOf(ConnectionError)
    expect(session.closed).toBe(true)
    const error = await waiting
    expect(error).toBeInstanceOf(SessionClosedError)
    expect(error).toMatchObject({ outcome: 'not-sent' })
    expect((error as Error).message).toContain('0.3 s')
    await expect(map.get('k')).rejects.toThrow(SessionClosedError)
    await session.close()
  })

  it('disconnectTimeoutSeconds begins anew with each loss, and leaves time for an attempt', async () => {
    await using world = await fakeWorld('m', { disconnectTimeoutSeconds: 1 })
    const { proxy, session, map } = world
    // After so many connections that were lost at once, the waits would be longer than that.
    for (let loss = 1; loss <= 10; loss++) {
      const diary = new SessionDiary(session)
      await proxy.cut()
      await Promise.race([diary.first('reconnected'), diary.first('closed')])
      expect(session.closed).toBe(false)
      await map.set('loss', loss)
    }
  })
})

describe('a cache id that the server does not know any more', () => {
  it.each<[operation: string, type: Type]>([
    ['get', Type.Get],
    ['set', Type.Put],
  ])('is asked for again, for %s', async (operation, type) => {
    await using world = await fakeWorld('m')
    const { proxy, map } = world
    proxy.open[0]?.forgetIds()

    expect(await (operation === 'get' ? map.get('k') : map.set('k', 1))).toBeUndefined()

    expect(proxy.received(type)).toHaveLength(2)
    expect(proxy.streams).toHaveLength(1)
  })

  it('is asked for once for many calls', async () => {
    await using world = await fakeWorld('m')
    const { proxy, map } = world
    proxy.open[0]?.forgetIds()

    await Promise.all(range(0, 50).map((key) => map.set(key, key)))

    expect(proxy.received(Type.EnsureCache)).toHaveLength(2)
    expect(proxy.caches.size('m')).toBe(50)
  })

  it('is an error of the server where it never knows one', async () => {
    await using world = await fakeWorld('m')
    const { proxy, map } = world
    proxy.on(Type.Get, (request) =>
      request.error(`No cache proxy exist for id ${request.cacheId ?? 0} request=Get`),
    )

    await expect(map.get('k')).rejects.toThrow(ServerError)
  })

  it('is asked for again by a streamed read', async () => {
    await using world = await fakeWorld('m')
    const { proxy, map } = world
    proxy.caches.fill('m', [['k', 1]])
    expect(await map.keys().toArray()).toEqual(['k'])
    for (const stream of proxy.open) stream.forgetIds()

    expect(await map.keys().toArray()).toEqual(['k'])
  })

  it('never known to a streamed read is an error of the server', async () => {
    await using world = await fakeWorld('m', { requestTimeoutSeconds: 2 })
    const { proxy, map } = world
    proxy.on(Type.QueryKeys, (request) => request.error('No cache proxy exist for id 1 request=QueryKeys'))

    const error: unknown = await map
      .keys({ filter: Filters.always() })
      .toArray()
      .catch((reason: unknown) => reason)

    expect(error).toBeInstanceOf(ServerError)
    expect((error as Error).message).toBe(
      "No cache proxy exist for id 1 request=QueryKeys (keys on map 'm' failed on the server)",
    )
  })

  it('that comes late leaves each call its own timeout', async () => {
    await using world = await fakeWorld('m', { requestTimeoutSeconds: 1 })
    const { proxy, map } = world
    proxy.open[0]?.forgetIds()
    proxy.once(Type.EnsureCache, noAnswer)
    const impatient = map.set('k', 1).catch((error: unknown) => error)
    const patient = map.get('other', { timeoutSeconds: 20 })

    expect(await impatient).toMatchObject({
      code: 'ERR_COHERENCE_TIMEOUT',
      message: "set on map 'm' did not complete within 1 s",
      operation: 'set',
      outcome: 'not-sent',
    })
    expect(await patient).toBeUndefined()
  })
})

describe.each([
  ['of its own accord', 'this proxy channel is closed'],
  [
    'by a failure of what it was doing',
    'Cannot invoke "com.oracle.coherence.grpc.proxy.common.cache.NamedCacheProxyProtocol$ChannelStub.isSerializerCompatible()" because "channel" is null',
  ],
  [
    'by another failure of what it was doing',
    'Cannot invoke "com.tangosol.net.messaging.Channel.getConnection()" because the return value of "com.oracle.coherence.grpc.internal.extend.proxy.serviceProxy.GrpcCacheServiceProxy.getChannel()" is null',
  ],
])('a server that shuts down, and says so %s before the stream ends', (_, GOODBYE) => {
  it('has its reads sent again on another stream', async () => {
    await using world = await fakeWorld('m')
    const { proxy, map } = world
    proxy.caches.fill('m', [['k', 1]])
    proxy.once(Type.Get, (request) => request.error(GOODBYE))

    expect(await map.get('k')).toBe(1)
    expect(proxy.received(Type.Get).map((request) => proxy.streams.indexOf(request.stream))).toEqual([0, 1])
  })

  it('leaves the outcome of its writes unknown', async () => {
    await using world = await fakeWorld('m')
    const { proxy, map } = world
    proxy.once(Type.Put, (request) => request.error(GOODBYE))

    await expect(map.set('k', 1)).rejects.toMatchObject({
      code: 'ERR_COHERENCE_CONNECTION',
      outcome: 'unknown',
    })
    expect(await map.set('k', 2)).toBeUndefined()
  })

  it('has its streamed reads begun again', async () => {
    await using world = await fakeWorld('m')
    const { proxy, map } = world
    proxy.caches.fill('m', [['k', 1]])
    proxy.once(Type.QueryKeys, (request) => request.error(GOODBYE))

    expect(await map.keys({ filter: Filters.always() }).toArray()).toEqual(['k'])
  })

  it('has its maps ensured elsewhere', async () => {
    await using proxy = await FakeProxy.start()
    await using session = await Session.create({ address: proxy.address })
    proxy.once(Type.EnsureCache, (request) => {
      request.error(GOODBYE)
      request.stream.end()
    })

    expect((await session.getMap('m')).isActive).toBe(true)
  })
})

describe('a map that was destroyed', () => {
  it('is not made again by calls that waited', async () => {
    await using world = await fakeWorld('m')
    const { proxy, map } = world
    const outcomes = await Promise.allSettled([
      map.destroy(),
      map.set('k', 1),
      map.get('k'),
      map.keys().toArray(),
    ])

    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected', 'rejected'])
    expect(outcomes.slice(1)).toMatchObject(
      [1, 2, 3].map(() => ({ reason: { code: 'ERR_COHERENCE_MAP_INACTIVE', reason: 'destroyed' } })),
    )
    expect(proxy.received(Type.EnsureCache)).toHaveLength(1)
    expect(proxy.caches.size('m')).toBe(0)
  })

  it('by another client ends its calls with MapInactiveError', async () => {
    await using world = await fakeWorld('m')
    const { proxy, session, map } = world
    proxy.once(Type.Get, (request) => {
      request.stream.event(request.cacheId ?? 0, ResponseType.Destroyed)
      request.error('Cache is not active')
    })

    await expect(map.get('k')).rejects.toMatchObject({
      code: 'ERR_COHERENCE_MAP_INACTIVE',
      reason: 'destroyed',
    })
    expect(map.isActive).toBe(false)
    expect((await session.getMap('m')).isActive).toBe(true)
  })
})
