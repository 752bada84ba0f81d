// What happens to events while the consumer of a stream, or a listener, takes its time.
import { EventOverflowError, type MapEvent } from 'coherence-ts'
import { eventually } from '../../support/eventually'
import { describeMaps } from '../../support/maps'
import { inserted, next, Notes, plain, primed } from './noted'

describeMaps('events that are not consumed', (open) => {
  it('are kept by the server with overflow pause, however many', async () => {
    const map = await open<number, number>()
    await using stream = map.events({ overflow: 'pause' })
    await map.setAll(Array.from({ length: 5_000 }, (_, key) => [key, key] as const))
    const events = await next(stream[Symbol.asyncIterator](), 5_000)
    expect(new Set(events.map((event) => event['key'])).size).toBe(5_000)
  })

  it('are dropped with overflow dropOldest; a gap comes first, with their number', async () => {
    const map = await open<number, number>()
    await using stream = map.events({ overflow: 'dropOldest', maxBufferedEvents: 3 })
    const iterator = stream[Symbol.asyncIterator]()
    await stream.ready
    const begun = new Date()
    // The stream takes the first one before it is asked for it.
    for (let key = 0; key < 10; key++) await map.set(key, key)
    expect(await next(iterator, 1)).toEqual([inserted(0, 0)])
    const item = await iterator.next()
    if (item.done === true || item.value.type !== 'gap') throw new Error('There is no gap')
    const gap = item.value
    expect([gap.reason, gap.dropped, gap.map]).toEqual(['overflow', 6, map])
    expect(gap.from.getTime()).toBeGreaterThanOrEqual(begun.getTime())
    expect(gap.to.getTime()).toBeGreaterThanOrEqual(gap.from.getTime())
    expect(await next(iterator, 3)).toEqual([inserted(7, 7), inserted(8, 8), inserted(9, 9)])
    await map.set(10, 10)
    expect(await next(iterator, 1)).toEqual([inserted(10, 10)])
  })

  it('come again with resync, after the gap, as the entries of the map', async () => {
    const map = await open<number, number>()
    await using stream = map.events({ overflow: 'dropOldest', maxBufferedEvents: 3, resync: true })
    const iterator = stream[Symbol.asyncIterator]()
    for (let value = 0; value < 10; value++) await map.set(value % 2, value)
    expect(await next(iterator, 2)).toEqual([inserted(0, 0), { type: 'gap', reason: 'overflow' }])
    const present = await next(iterator, 2)
    expect(present).toEqual(expect.arrayContaining([primed(0, 8), primed(1, 9)]))
    await map.set(2, 2)
    expect(await next(iterator, 1)).toEqual([inserted(2, 2)])
  })

  it('end the stream with overflow error, after those there was room for', async () => {
    const map = await open<number, number>()
    const stream = map.events({ overflow: 'error', maxBufferedEvents: 3 })
    await stream.ready
    for (let key = 0; key < 10; key++) await map.set(key, key)
    const seen: object[] = []
    const consumed = (async () => {
      for await (const event of stream) seen.push(plain(event))
    })()
    const error: unknown = await consumed.catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(EventOverflowError)
    expect(error).toMatchObject({
      code: 'ERR_COHERENCE_EVENT_OVERFLOW',
      mapName: map.name,
      maxBufferedEvents: 3,
    })
    expect(seen).toEqual([0, 1, 2, 3].map((key) => inserted(key, key)))
  })

  it('do not end a stream with overflow error whose consumer keeps up', async () => {
    const map = await open<number, number>()
    await using stream = map.events({ overflow: 'error', maxBufferedEvents: 1 })
    const iterator = stream[Symbol.asyncIterator]()
    await stream.ready
    for (let key = 0; key < 20; key++) {
      await map.set(key, key)
      expect(await next(iterator, 1)).toEqual([inserted(key, key)])
    }
  })

  it('wait for an asynchronous listener, 10,000 of them; more are dropped, and a gap is reported', async () => {
    const map = await open<number, number>()
    const keys: unknown[] = []
    const gaps: unknown[] = []
    let release = (): void => undefined
    const busy = new Promise<void>((resolve) => (release = resolve))
    await map.listen({
      onAny: ({ key }: MapEvent<number, number>) => {
        keys.push(key)
        return keys.length === 1 ? busy : undefined
      },
      onGap: ({ reason, dropped }) => gaps.push([reason, dropped, keys.length]),
    })
    await map.set(-1, 0)
    await map.setAll(Array.from({ length: 10_500 }, (_, key) => [key, key] as const))
    release()
    await eventually(() => keys.length === 10_001)
    expect([keys.length, gaps]).toEqual([10_001, [['overflow', 500, 1]]])
  })

  it('wait for an asynchronous listener one after the other', async () => {
    const map = await open<string, number>()
    const notes = new Notes()
    let running = 0
    let most = 0
    await map.listen(async (event) => {
      most = Math.max(most, ++running)
      await new Promise((resolve) => setImmediate(resolve))
      running -= 1
      notes.note(event)
    })
    await Promise.all(Array.from({ length: 50 }, (_, key) => map.set(`k${key}`, key)))
    expect(new Set((await notes.until(50)).map((event) => event['key'])).size).toBe(50)
    expect(most).toBe(1)
  })
})
