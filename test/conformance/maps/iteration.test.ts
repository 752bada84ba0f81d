// Iterating over a map itself, and what holds of every stream of results: backpressure, early exit, time.
import { Filters, RequestTimeoutError } from 'coherence-ts'
import { serverAddress, uniqueName } from '../../support/conformance'
import { startCountingRelay } from '../../support/counting-relay'
import { eventually } from '../../support/eventually'
import { describeMaps, openSession } from '../../support/maps'
import { describeReceiver } from '../../support/receivers'
import { startTcpProxy } from '../../support/tcp-proxy'

const numbered = (size: number): [number, string][] =>
  Array.from({ length: size }, (_, index) => [index, `value ${index}`])

describeMaps('for await over a map', (open) => {
  it('gives all entries', async () => {
    const map = await open(numbered(50))
    const found = new Map<number, string>()
    for await (const [key, value] of map) found.set(key, value)
    expect(found).toEqual(new Map(numbered(50)))
  })

  // Servers give up to 300 entries on one page, more on a page for each partition.
  it.each([0, 1, 300, 301, 400, 3_000])('gives each of %i entries once', async (size) => {
    const map = await open(numbered(size))
    expect(new Map(await map.entries().toArray())).toEqual(new Map(numbered(size)))
    expect((await map.entries().toArray()).length).toBe(size)
    expect((await map.keys().toArray()).sort((one, other) => one - other)).toEqual(
      numbered(size).map(([key]) => key),
    )
    expect((await map.values().toArray()).sort()).toEqual(
      numbered(size)
        .map(([, value]) => value)
        .sort(),
    )
  })

  it('gives each entry once where keys are objects, and texts that servers print anew', async () => {
    const session = await openSession()
    const map = await session.getMap<unknown, number>(uniqueName('keys'))
    const keys = Array.from({ length: 800 }, (_, index) => [
      { id: index, region: 'south' },
      `é/${index}`,
      index / 8,
    ]).flat()
    await map.setAll(keys.map((key, index) => [key, index] as const))
    const found = await map.entries().toArray()
    expect(found.map(([, value]) => value).sort((one, other) => one - other)).toEqual(
      keys.map((_, index) => index),
    )
    expect(await map.keys().toArray()).toHaveLength(keys.length)
    await map.destroy()
    await session.close()
  })

  it('asks for little where little is wanted of a large map', async () => {
    const { name } = await open(Array.from({ length: 3_000 }, (_, index) => [index, 'x'.repeat(1_000)]))
    const relay = await startCountingRelay(serverAddress())
    const session = await openSession({ address: relay.address })
    const map = await session.getMap<number, string>(name)
    expect(await map.entries({ limit: 3 }).toArray()).toHaveLength(3)
    await map.size()
    expect(relay.received).toBeLessThan(100_000)
    await session.close()
    await relay[Symbol.asyncDispose]()
  })

  it('can be left early, again and again, without harm to later calls', async () => {
    const map = await open(numbered(300))
    for (let turn = 0; turn < 20; turn++) {
      for await (const [key] of map) {
        expect(key).toBeLessThan(300)
        break
      }
    }
    expect(await map.get(299)).toBe('value 299')
    expect(await map.keys().toArray()).toHaveLength(300)
  })

  it('gives what the loop throws, and the map goes on working', async () => {
    const map = await open(numbered(300))
    const failure = new Error('enough')
    const loop = async (): Promise<void> => {
      for await (const [key] of map) if (key >= 0) throw failure
    }
    await expect(loop()).rejects.toBe(failure)
    expect(await map.size()).toBe(300)
  })

  describeReceiver('entries', async (map, options) => {
    // There is no place for options in the loop itself.
    for await (const entry of options === undefined ? map : map.entries(options)) return entry
    return undefined
  })
})

describeMaps('a stream of results', (open) => {
  it('gives ten thousand entries by filter, the first long before the last', async () => {
    const { name } = await open(numbered(10_000))
    const relay = await startCountingRelay(serverAddress())
    const session = await openSession({ address: relay.address })
    const map = await session.getMap<number, string>(name)
    let receivedBeforeFirst = Infinity
    const keys = new Set<number>()
    for await (const [key] of map.entries({ filter: Filters.always() })) {
      if (keys.size === 0) receivedBeforeFirst = relay.received
      keys.add(key)
    }
    expect(keys.size).toBe(10_000)
    expect(receivedBeforeFirst).toBeLessThan(relay.received / 2)
    await session.close()
    await relay[Symbol.asyncDispose]()
  })

  it('does not hold up other calls while its consumer takes its time', async () => {
    const map = await open(numbered(5_000))
    let count = 0
    for await (const [key, value] of map.entries()) {
      if (count++ === 10) {
        expect(await map.get(key)).toBe(value)
        expect(await map.values({ limit: 5 }).toArray()).toHaveLength(5)
        expect(await map.set(5_000, 'new')).toBeUndefined()
      }
    }
    expect(count).toBeGreaterThanOrEqual(5_000)
  })

  it('gives its consumer all the time there is: the timeout is for the wait on the server', async () => {
    const map = await open(numbered(500))
    const proxy = await startTcpProxy(serverAddress())
    const session = await openSession({ address: proxy.address })
    const silent = await session.getMap(uniqueName('silent'))
    const timeout = { timeoutSeconds: 0.5 }
    let count = 0
    for await (const entry of map.entries(timeout)) {
      expect(entry).toHaveLength(2)
      if (count++ !== 100) continue
      // A call that begins later, of the same timeout, has run out of time.
      proxy.pause()
      await expect(silent.size(timeout)).rejects.toBeInstanceOf(RequestTimeoutError)
      proxy.resume()
    }
    expect(count).toBe(500)
    await session.close()
    await proxy.close()
  })

  it('rejects after the timeout where the server falls silent in the middle', async () => {
    const proxy = await startTcpProxy(serverAddress())
    const session = await openSession({ address: proxy.address })
    const map = await session.getMap<number, string>(uniqueName('silent'))
    await map.setAll(Array.from({ length: 2_000 }, (_, index) => [index, 'x'.repeat(2_000)]))
    const started = performance.now()
    let count = 0
    const read = async (): Promise<void> => {
      for await (const [key] of map.entries({ timeoutSeconds: 0.2 })) {
        if (key >= 0 && count++ === 0) proxy.pause()
      }
    }
    const failure = read()
    await expect(failure).rejects.toBeInstanceOf(RequestTimeoutError)
    await expect(failure).rejects.toMatchObject({ operation: 'entries', timeoutSeconds: 0.2 })
    expect(count).toBeLessThan(2_000)
    expect(performance.now() - started).toBeLessThan(5_000)
    proxy.resume()
    await map.destroy()
    await session.close()
    await proxy.close()
  })

  it('rejects with the reason of a signal that aborts in the middle', async () => {
    const map = await open(numbered(2_000))
    const controller = new AbortController()
    const reason = new Error('enough')
    let count = 0
    const read = async (): Promise<void> => {
      for await (const [key] of map.entries({ signal: controller.signal })) {
        if (key >= 0 && ++count === 5) controller.abort(reason)
      }
    }
    await expect(read()).rejects.toBe(reason)
    expect(count).toBe(5)
  })

  it('ends with its session', async () => {
    const { name } = await open(Array.from({ length: 2_000 }, (_, index) => [index, 'x'.repeat(2_000)]))
    const session = await openSession()
    const map = await session.getMap<number, string>(name)
    const read = async (): Promise<void> => {
      let count = 0
      for await (const [key] of map) if (key >= 0 && count++ === 0) await session.close()
    }
    await expect(read()).rejects.toMatchObject({ code: 'ERR_COHERENCE_SESSION_CLOSED' })
  })

  it('leaves on the server what its consumer does not take', async () => {
    const { name } = await open(Array.from({ length: 300 }, (_, index) => [index, 'x'.repeat(100_000)]))
    const relay = await startCountingRelay(serverAddress())
    const session = await openSession({ address: relay.address })
    const map = await session.getMap<number, string>(name)
    let count = 0
    for await (const [, value] of map) {
      count += value.length
      if (count > value.length) continue
      let before = -1
      await eventually(() => {
        const atRest = relay.received === before
        before = relay.received
        return atRest
      })
      expect(relay.received).toBeLessThan(15_000_000)
    }
    expect(count).toBe(30_000_000)
    expect(relay.received).toBeGreaterThan(30_000_000)
    await session.close()
    await relay[Symbol.asyncDispose]()
  })
})
