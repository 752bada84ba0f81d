// The end of a session: calls in progress are answered, all others settle, nothing is left.
import { CoherenceError, Filters, Session, SessionClosedError } from 'coherence-ts'
import { NamedCacheRequestType as Type } from '../../../gen/coherence/cache/v1/cache_service_messages_v1'
import { bytesPayload, json } from '../../support/fake-caches'
import { FakeProxy, noAnswer } from '../../support/fake-proxy'
import { fakeWorld } from '../../support/fake-world'
import { SessionDiary } from '../../support/session-events'
import { wrongArgument } from '../../support/wrong-argument'
import { range } from '../../support/sequences'

const codeOf = (error: unknown): unknown => (error instanceof CoherenceError ? error.code : error)

describe('closing a session', () => {
  it('lets calls in progress be answered', async () => {
    await using world = await fakeWorld<number, number>('m')
    const { proxy, session, map } = world
    proxy.on(Type.Put, noAnswer)
    const writes = range(0, 40).map((key) => map.set(key, key))
    await proxy.arrival(Type.Put, 40)

    const closing = session.close()
    for (const request of proxy.received(Type.Put)) request.answerAsUsual()
    await closing

    expect(await Promise.all(writes)).toEqual(range(0, 40).map(() => undefined))
    expect(proxy.caches.size('m')).toBe(40)
  })

  it('lets a call that waits for another be sent and answered', async () => {
    await using world = await fakeWorld('m')
    const { session, map } = world
    const writes = range(0, 10).map((value) => map.set('k', value))

    await session.close()

    expect(await Promise.all(writes)).toEqual([undefined, 0, 1, 2, 3, 4, 5, 6, 7, 8])
  })

  it.each([0, 0.05])('does not wait for calls longer than it is asked to: %d s', async (timeoutSeconds) => {
    await using world = await fakeWorld<string, number>('m')
    const { proxy, session, map } = world
    proxy.on(Type.Put, noAnswer)
    proxy.on(Type.Get, noAnswer)
    const calls = [map.set('k', 1), map.get('other')].map((call) => call.catch((error: unknown) => error))
    await proxy.arrival(Type.Get)

    await session.close({ timeoutSeconds })

    for (const error of await Promise.all(calls)) {
      expect(error).toMatchObject({ code: 'ERR_COHERENCE_SESSION_CLOSED', outcome: 'unknown' })
    }
  })

  it('ends a setAll on a released map whose source gives nothing more', async () => {
    await using world = await fakeWorld<string, number>('m')
    const { proxy, session, map } = world
    const source = (async function* () {
      yield ['a', 1] as const
      await new Promise<never>(() => undefined)
    })()
    const writing = map.setAll(source).catch((error: unknown) => error)
    const released = map.release()
    await session.close({ timeoutSeconds: 0 })

    expect(await writing).toMatchObject({ code: 'ERR_COHERENCE_SESSION_CLOSED' })
    await released
    expect(proxy.received(Type.PutAll)).toEqual([])
  })

  it('does not have to happen for a map to be opened again in its time', async () => {
    await using world = await fakeWorld<string, number>('m')
    const { proxy, session, map } = world
    proxy.on(Type.Put, noAnswer)
    const writing = map.set('a', 1, { timeoutSeconds: Infinity }).catch(codeOf)
    await proxy.arrival(Type.Put)
    const released = map.release()

    await expect(session.getMap('m', { timeoutSeconds: 0.05 })).rejects.toMatchObject({
      code: 'ERR_COHERENCE_TIMEOUT',
      outcome: 'not-sent',
    })
    await session.close({ timeoutSeconds: 0 })
    expect(await writing).toBe('ERR_COHERENCE_SESSION_CLOSED')
    await released
  })

  it('stays open if the options of the close are wrong', async () => {
    await using world = await fakeWorld('m')
    const { session } = world
    const close = (options: object): Promise<void> => session.close(options)
    await expect(close({ timeoutSeconds: -1 })).rejects.toThrow(
      wrongArgument('close: timeoutSeconds is -1; pass a number of seconds, 0 or more'),
    )
    await expect(close({ timeout: 1 })).rejects.toThrow(wrongArgument("close: there is no option 'timeout'"))
    expect(session.closed).toBe(false)
  })

  it('takes no new calls', async () => {
    await using world = await fakeWorld('m')
    const { proxy, session, map } = world
    const closing = session.close()
    const outcomes = await Promise.allSettled([
      map.get('k'),
      map.set('k', 1),
      map.keys().toArray(),
      session.getMap('another'),
      session.ping(),
    ])
    await closing

    for (const outcome of outcomes) {
      expect(outcome).toMatchObject({
        status: 'rejected',
        reason: { code: 'ERR_COHERENCE_SESSION_CLOSED', outcome: 'not-sent' },
      })
    }
    expect(proxy.received(Type.Put)).toEqual([])
  })

  it('can be requested many times', async () => {
    await using proxy = await FakeProxy.start()
    const session = await Session.create({ address: proxy.address })
    const diary = new SessionDiary(session)

    await Promise.all([session.close(), session.close(), session[Symbol.asyncDispose]()])
    await session.close()

    expect([session.closed, diary.types.filter((type) => type === 'closed')]).toEqual([true, ['closed']])
  })

  it('reports the release of its maps, and then that it is closed', async () => {
    await using proxy = await FakeProxy.start()
    const session = await Session.create({ address: proxy.address })
    const maps = await Promise.all(['a', 'b'].map((name) => session.getMap(name)))
    const told: string[] = []
    session.on('released', ({ mapName }) => void told.push(`released ${mapName}`))
    session.on('closed', ({ reason }) => void told.push(`closed ${String(reason)}`))
    maps[0]?.on('released', () => void told.push('a itself'))

    await session.close()

    expect(told).toEqual(['released a', 'a itself', 'released b', 'closed undefined'])
    expect(maps.map((map) => map.isActive)).toEqual([false, false])
    expect(session.activeMaps).toEqual([])
  })

  it('waits for a call no longer than the call has time', async () => {
    await using world = await fakeWorld('m')
    const { proxy, session, map } = world
    proxy.on(Type.Get, noAnswer)
    const read = map.get('k', { timeoutSeconds: 0.3 }).catch(codeOf)
    await proxy.arrival(Type.Get)

    await session.close()

    expect(await read).toBe('ERR_COHERENCE_TIMEOUT')
  })

  it('waits for a call without a deadline no longer than requestTimeoutSeconds', async () => {
    await using world = await fakeWorld('m', { requestTimeoutSeconds: 1 })
    const { proxy, session, map } = world
    proxy.on(Type.Put, noAnswer)
    const write = map.set('k', 1, { timeoutSeconds: Infinity }).catch((error: unknown) => error)
    await proxy.arrival(Type.Put)

    await session.close()

    const error = await write
    expect(error).toBeInstanceOf(SessionClosedError)
    expect(error).toMatchObject({ outcome: 'unknown' })
    expect((error as Error).message).toMatch(/^set on map 'm' has no answer: the session was closed/)
  })

  it('settles calls at once where the connection is lost while it closes', async () => {
    await using world = await fakeWorld('m')
    const { proxy, session, map } = world
    proxy.on(Type.Put, noAnswer)
    proxy.on(Type.Get, noAnswer)
    const write = map.set('k', 1).catch(codeOf)
    const read = map.get('other').catch(codeOf)
    await proxy.arrival(Type.Get)
    const closing = session.close()

    proxy.stop()
    await closing

    expect([await write, await read]).toEqual(['ERR_COHERENCE_CONNECTION', 'ERR_COHERENCE_SESSION_CLOSED'])
  })

  it('does not wait for a connection', async () => {
    await using world = await fakeWorld('m')
    const { proxy, session, map } = world
    const diary = new SessionDiary(session)
    proxy.stop()
    await diary.first('disconnected')
    const calls = [map.set('k', 1), map.keys().toArray(), session.getMap('another'), session.ping()].map(
      (call) => call.catch((error: unknown) => error),
    )
    const start = performance.now()

    await session.close()

    expect(performance.now() - start).toBeLessThan(1_000)
    for (const error of await Promise.all(calls)) {
      expect(error).toBeInstanceOf(SessionClosedError)
      expect(error).toMatchObject({ outcome: 'not-sent' })
    }
    expect(diary.types.filter((type) => type !== 'connected')).toEqual(['disconnected', 'closed'])
  })

  it('ends an attempt to connect again', async () => {
    await using proxy = await FakeProxy.start()
    const session = await Session.create({ address: proxy.address })
    proxy.onInit(noAnswer)
    await proxy.cut()
    await proxy.until(() => proxy.inits.length > 1)

    await session.close()

    await proxy.until(() => proxy.open.length === 0)
  })

  it('ends streamed reads', async () => {
    await using world = await fakeWorld<string, number>('m')
    const { proxy, session, map } = world
    proxy.on(Type.QueryKeys, (request) => request.item(bytesPayload(json('k'))))
    const keys = map.keys({ filter: Filters.always() })[Symbol.asyncIterator]()
    await keys.next()
    const next = keys.next().catch((error: unknown) => error)

    await session.close()

    expect(await next).toBeInstanceOf(SessionClosedError)
    await proxy.until(() => proxy.open.length === 0)
  })

  it('ends the opening of a map, and does not report it as released', async () => {
    await using proxy = await FakeProxy.start()
    const session = await Session.create({ address: proxy.address })
    const released: string[] = []
    session.on('released', ({ mapName }) => void released.push(mapName))
    proxy.on(Type.EnsureCache, noAnswer)
    const map = session.getMap('m').catch((error: unknown) => error)
    await proxy.arrival(Type.EnsureCache)

    await session.close()

    expect(await map).toBeInstanceOf(SessionClosedError)
    expect(released).toEqual([])
  })

  it('does not end a ping in progress', async () => {
    await using proxy = await FakeProxy.start()
    const session = await Session.create({ address: proxy.address })
    let heartbeats = 0
    proxy.onHeartbeat(() => (heartbeats += 1))
    const ping = session.ping().catch((error: unknown) => error)
    await proxy.until(() => heartbeats === 1)

    await session.close()

    expect(await ping).toBeInstanceOf(SessionClosedError)
  })

  it('ends a call that waits for the id of its map', async () => {
    await using world = await fakeWorld('m', { requestTimeoutSeconds: 1 })
    const { proxy, session, map } = world
    proxy.open[0]?.forgetIds()
    proxy.on(Type.EnsureCache, noAnswer)
    const write = map.set('k', 1, { timeoutSeconds: 20 }).catch((error: unknown) => error)
    await proxy.arrival(Type.EnsureCache, 2)

    await session.close()

    const error = await write
    expect(error).toBeInstanceOf(SessionClosedError)
    expect(error).toMatchObject({ outcome: 'not-sent' })
    expect((error as Error).message).toMatch(/^set on map 'm'/)
  })

  it('from a listener works', async () => {
    await using proxy = await FakeProxy.start()
    const session = await Session.create({ address: proxy.address })
    const diary = new SessionDiary(session)
    session.on('disconnected', () => void session.close())

    await proxy.cut()
    await diary.first('closed')

    expect(session.closed).toBe(true)
  })
})

describe('a listener that throws', () => {
  it('does not stop the session: the error goes to the error listeners', async () => {
    await using world = await fakeWorld('m')
    const { proxy, session, map } = world
    const fault = new Error('the fault of the listener')
    const errors: unknown[] = []
    session.on('error', (error) => void errors.push(error))
    session.on('disconnected', () => {
      throw fault
    })
    // eslint-disable-next-line @typescript-eslint/no-misused-promises -- what users do
    session.on('reconnected', async () => Promise.reject(fault))
    const diary = new SessionDiary(session)

    await proxy.cut()
    await diary.first('reconnected')

    expect(await map.size()).toBe(0)
    expect(errors).toEqual([fault, fault])
  })
})
