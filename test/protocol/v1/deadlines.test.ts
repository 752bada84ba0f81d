// How long a call waits, what ends it before, and what becomes of an answer that comes too late.
import { getEventListeners } from 'node:events'
import {
  Aggregators,
  Extractors,
  type NamedCache,
  Processors,
  RequestTimeoutError,
  Session,
} from 'coherence-ts'
import { NamedCacheRequestType as Type } from '../../../gen/coherence/cache/v1/cache_service_messages_v1'
import { bytesPayload, json, optionalPayload } from '../../support/fake-caches'
import { FakeProxy, noAnswer, type FakeRequest } from '../../support/fake-proxy'
import { fakeWorld } from '../../support/fake-world'
import { warningsDuring } from '../../support/warnings'

type Cache = NamedCache<string, unknown>

const EXTRACTOR = Extractors.identity<unknown>()
const PROCESSOR = Processors.extract(EXTRACTOR)

/** Every call of a map that waits for an answer, with the name it has in errors. */
const CALLS: readonly (readonly [operation: string, call: (cache: Cache) => Promise<unknown>])[] = [
  ['get', (cache) => cache.get('k')],
  ['getOrDefault', (cache) => cache.getOrDefault('k', 1)],
  ['getAll', (cache) => cache.getAll(['k'])],
  ['set', (cache) => cache.set('k', 1)],
  ['setAll', (cache) => cache.setAll([['k', 1]])],
  ['setIfAbsent', (cache) => cache.setIfAbsent('k', 1)],
  ['replace', (cache) => cache.replace('k', 1)],
  ['replaceMapping', (cache) => cache.replaceMapping('k', 1, 2)],
  ['delete', (cache) => cache.delete('k')],
  ['removeMapping', (cache) => cache.removeMapping('k', 1)],
  ['has', (cache) => cache.has('k')],
  ['hasValue', (cache) => cache.hasValue(1)],
  ['hasEntry', (cache) => cache.hasEntry('k', 1)],
  ['isEmpty', (cache) => cache.isEmpty()],
  ['isReady', (cache) => cache.isReady()],
  ['size', (cache) => cache.size()],
  ['clear', (cache) => cache.clear()],
  ['truncate', (cache) => cache.truncate()],
  ['destroy', (cache) => cache.destroy()],
  ['invoke', (cache) => cache.invoke('k', PROCESSOR)],
  ['invokeAll', (cache) => cache.invokeAll(PROCESSOR)],
  ['aggregate', (cache) => cache.aggregate(Aggregators.count())],
  ['addIndex', (cache) => cache.addIndex(EXTRACTOR)],
  ['removeIndex', (cache) => cache.removeIndex(EXTRACTOR)],
  ['keys', (cache) => cache.keys().toArray()],
  ['values', (cache) => cache.values().toArray()],
  ['entries', (cache) => cache.entries().toArray()],
]

describe('a call', () => {
  describe('without an answer', () => {
    const outcomes = new Map<string, Promise<unknown>>()
    let proxy: FakeProxy
    let session: Session

    beforeAll(async () => {
      proxy = await FakeProxy.start()
      session = await Session.create({ address: proxy.address, requestTimeoutSeconds: 1 })
      const caches = CALLS.map(([operation]) => session.getCache<string>(operation, { timeoutSeconds: 30 }))
      const opened = await Promise.all(caches)
      for (const type of Object.values(Type)) {
        if (typeof type === 'number' && type !== Type.EnsureCache) proxy.on(type, noAnswer)
      }
      for (const [index, [operation, call]] of CALLS.entries()) {
        const cache = opened[index]
        if (cache !== undefined)
          outcomes.set(
            operation,
            call(cache).catch((error: unknown) => error),
          )
      }
    })

    afterAll(async () => {
      await session.close()
      await proxy[Symbol.asyncDispose]()
    })

    it.each(CALLS)('%s ends with the time of the session', async (operation) => {
      const error = await outcomes.get(operation)

      expect(error).toBeInstanceOf(RequestTimeoutError)
      expect(error).toMatchObject({
        message: `${operation} on map '${operation}' did not complete within 1 s`,
        operation,
        timeoutSeconds: 1,
        outcome: 'unknown',
      })
    })
  })

  it('takes no longer than its own time', async () => {
    await using world = await fakeWorld('m')
    const { proxy, map } = world
    proxy.once(Type.Get, noAnswer)

    await expect(map.get('k', { timeoutSeconds: 0.05 })).rejects.toMatchObject({ timeoutSeconds: 0.05 })
  })

  it('may take longer than the time of the session', async () => {
    await using world = await fakeWorld('m', { requestTimeoutSeconds: 1 })
    const { proxy, map } = world
    proxy.on(Type.Get, noAnswer)
    const patient = map.get('k', { timeoutSeconds: 30 })
    await expect(map.get('k')).rejects.toThrow(RequestTimeoutError)

    proxy.received(Type.Get)[0]?.answer(optionalPayload(json('late')))

    expect(await patient).toBe('late')
  })

  it('may wait for ever', async () => {
    await using world = await fakeWorld('m', { requestTimeoutSeconds: 1 })
    const { proxy, map } = world
    proxy.on(Type.Get, noAnswer)
    const patient = map.get('k', { timeoutSeconds: Infinity })
    await expect(map.get('k')).rejects.toThrow(RequestTimeoutError)

    proxy.received(Type.Get)[0]?.answer(optionalPayload(json('late')))

    expect(await patient).toBe('late')
  })

  it('that opens a map ends by its timeout where the server does not answer', async () => {
    await using proxy = await FakeProxy.start()
    await using session = await Session.create({ address: proxy.address, requestTimeoutSeconds: 1 })
    proxy.once(Type.EnsureCache, noAnswer)

    await expect(session.getMap('m')).rejects.toMatchObject({
      message: "getMap on map 'm' did not complete within 1 s",
    })
    expect((await session.getMap('m')).isActive).toBe(true)
  })

  it('ends by its timeout where the server does not answer a ping', async () => {
    await using proxy = await FakeProxy.start()
    await using session = await Session.create({ address: proxy.address, requestTimeoutSeconds: 1 })
    proxy.onHeartbeat(noAnswer)

    await expect(session.ping()).rejects.toMatchObject({ message: 'ping did not complete within 1 s' })
    proxy.onHeartbeat()
    expect(await session.ping()).toBeGreaterThan(0)
  })
})

describe('an answer that comes too late', () => {
  it('does not settle a later call', async () => {
    await using world = await fakeWorld('m')
    const { proxy, map } = world
    proxy.once(Type.Get, noAnswer)
    await expect(map.get('k', { timeoutSeconds: 0.05 })).rejects.toThrow(RequestTimeoutError)
    proxy.once(Type.Get, (request) => {
      proxy.received(Type.Get)[0]?.answer(optionalPayload(json('late')))
      request.answer(optionalPayload(json('in time')))
    })

    expect(await map.get('k')).toBe('in time')
  })

  it('releases the next write of its key, which waited for it', async () => {
    await using world = await fakeWorld('m')
    const { proxy, session, map } = world
    proxy.once(Type.Put, noAnswer)
    await expect(map.set('k', 1, { timeoutSeconds: 0.05 })).rejects.toThrow(RequestTimeoutError)
    const second = map.set('k', 2)
    await session.ping()
    expect(proxy.received(Type.Put)).toHaveLength(1)

    proxy.received(Type.Put)[0]?.answerAsUsual()

    expect(await second).toBe(1)
    expect(proxy.caches.valueOf('m', 'k')).toBe(2)
  })

  it('never comes where its stream ended: the next write of its key goes', async () => {
    await using world = await fakeWorld('m')
    const { proxy, map } = world
    proxy.once(Type.Put, noAnswer)
    await expect(map.set('k', 1, { timeoutSeconds: 0.05 })).rejects.toThrow(RequestTimeoutError)
    const second = map.set('k', 2)

    await proxy.cut()

    expect(await second).toBeUndefined()
  })
})

describe('an abort', () => {
  const REASON = new Error('I changed my mind')

  it('ends the call with its own reason', async () => {
    await using world = await fakeWorld('m')
    const { proxy, map } = world
    const abort = new AbortController()
    proxy.once(Type.Get, noAnswer)
    const value = map.get('k', { signal: abort.signal })
    await proxy.arrival(Type.Get)

    abort.abort(REASON)

    await expect(value).rejects.toBe(REASON)
  })

  it('need not be an error', async () => {
    await using world = await fakeWorld('m')
    const { map } = world

    await expect(map.get('k', { signal: AbortSignal.abort('enough') })).rejects.toBe('enough')
  })

  it('before the call sends nothing', async () => {
    await using world = await fakeWorld('m')
    const { proxy, map } = world

    await expect(map.set('k', 1, { signal: AbortSignal.abort(REASON) })).rejects.toBe(REASON)
    await map.size()

    expect(proxy.received(Type.Put)).toEqual([])
  })

  it('while there is no connection ends the wait, and nothing is sent later', async () => {
    await using world = await fakeWorld('m')
    const { proxy, session, map } = world
    const lost = new Promise((resolve) => session.on('disconnected', resolve))
    proxy.stop()
    await lost
    const abort = new AbortController()
    const write = map.set('k', 1, { signal: abort.signal })

    abort.abort(REASON)
    await expect(write).rejects.toBe(REASON)
    await proxy.start()
    await map.size()

    expect(proxy.received(Type.Put)).toEqual([])
  })

  it('after the answer changes nothing', async () => {
    await using world = await fakeWorld('m')
    const { map } = world
    const abort = new AbortController()
    const value = map.set('k', 1, { signal: abort.signal })
    await value

    abort.abort(REASON)

    expect(await value).toBeUndefined()
    expect(await map.get('k')).toBe(1)
  })

  it('leaves no listener on the signal, however the call ended', async () => {
    await using proxy = await FakeProxy.start()
    await using session = await Session.create({ address: proxy.address })
    const { signal } = new AbortController()
    const map = await session.getMap<string>('m', { signal })
    await map.set('k', 1, { signal })
    proxy.once(Type.Get, (request) => request.error('no'))
    await expect(map.get('k', { signal })).rejects.toThrow('no')
    proxy.once(Type.Get, noAnswer)
    await expect(map.get('k', { signal, timeoutSeconds: 0.05 })).rejects.toThrow(RequestTimeoutError)
    await map.entries({ signal }).toArray()
    await map.invokeAll(PROCESSOR, { signal })
    await session.ping({ signal })

    expect(getEventListeners(signal, 'abort')).toEqual([])
  })

  it('of many calls at once causes no warning of a listener leak', async () => {
    await using world = await fakeWorld<number>('m')
    const { map } = world
    const { signal } = new AbortController()

    const warnings = await warningsDuring(() =>
      Promise.all(Array.from({ length: 64 }, (_, key) => map.get(key, { signal }))),
    )

    expect(warnings).toEqual([])
  })
})

describe('a write that waits for another of its key', () => {
  it('was not sent where its own time is over first', async () => {
    await using world = await fakeWorld('m')
    const { proxy, map } = world
    const held: FakeRequest[] = []
    proxy.on(Type.Put, (request) => held.push(request))
    const first = map.set('k', 1)
    await proxy.arrival(Type.Put)

    await expect(map.set('k', 2, { timeoutSeconds: 0.05 })).rejects.toMatchObject({
      code: 'ERR_COHERENCE_TIMEOUT',
      outcome: 'not-sent',
    })
    held[0]?.answer(bytesPayload(json(null)))
    await first

    expect(held).toHaveLength(1)
  })
})
