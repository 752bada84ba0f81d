// events: what happens to the entries of a map as an async iterable.
import { type EventStream, Filters, type Overflow } from 'coherence-ts'
import { eventually } from '../../support/eventually'
import { describeMaps, openSession } from '../../support/maps'
import { wrongArgument } from '../../support/wrong-argument'
import { deleted, inserted, next, plain, updated } from './noted'

const POLICIES: readonly Overflow[] = ['pause', 'dropOldest', 'error']

/** All that comes until the stream ends. */
async function rest(stream: EventStream<unknown, unknown>): Promise<object[]> {
  const all: object[] = []
  for await (const event of stream) all.push(plain(event))
  return all
}

describeMaps('events', (open, session) => {
  describe.each(POLICIES)('with overflow %j', (overflow) => {
    it('gives inserts, updates and deletes in their order', async () => {
      const map = await open<string, number>()
      const stream = map.events({ overflow })
      await map.set('a', 1)
      await map.set('a', 2)
      await map.delete('a')
      expect(await next(stream[Symbol.asyncIterator](), 3)).toEqual([
        inserted('a', 1),
        updated('a', 1, 2),
        deleted('a', 2),
      ])
      await stream.close()
    })

    it('gives the events of writes made right after it, awaited or not', async () => {
      const map = await open<number, number>()
      const stream = map.events({ overflow })
      const written = Promise.all(Array.from({ length: 20 }, (_, key) => map.set(key, key)))
      const events = await next(stream[Symbol.asyncIterator](), 20)
      await written
      expect(new Set(events.map((event) => event['key'])).size).toBe(20)
      await stream.close()
    })

    it('gives what a key, a filter and kinds select, lite where asked', async () => {
      const map = await open<unknown, number>()
      const streams = [
        map.events({ overflow, key: 0 }),
        map.events({
          overflow,
          filter: Filters.custom<number>('filter.GreaterFilter', {
            extractor: { '@class': 'extractor.IdentityExtractor' },
            value: 5,
          }),
        }),
        map.events({ overflow, kinds: ['delete'] }),
        map.events({ overflow, key: 'ü', lite: true }),
      ]
      await Promise.all(streams.map(({ ready }) => ready))
      await map.set(0, 1)
      await map.set('ü', 6)
      await map.delete(0)
      await map.delete('ü')
      const given = await Promise.all(streams.map((stream) => next(stream[Symbol.asyncIterator](), 2)))
      expect(given).toEqual([
        [inserted(0, 1), deleted(0, 1)],
        [inserted('ü', 6), deleted('ü', 6)],
        [deleted(0, 1), deleted('ü', 6)],
        [inserted('ü', undefined), deleted('ü', undefined)],
      ])
      await Promise.all(streams.map((stream) => stream.close()))
    })

    it('ends where its loop is left, and removes its registration', async () => {
      const map = await open<string, number>()
      const stream = map.events({ overflow })
      await map.set('a', 1)
      const seen: object[] = []
      for await (const event of stream) {
        seen.push(plain(event))
        if (seen.length === 2) break
        await map.set('a', 2)
      }
      await map.set('a', 3)
      await stream.close()
      expect(seen).toEqual([inserted('a', 1), updated('a', 1, 2)])
    })

    it('ends where it is closed, also while its consumer waits', async () => {
      const map = await open<string, number>()
      const stream = map.events({ overflow })
      const consumed = rest(stream)
      await stream.ready
      await stream.close()
      await stream.close()
      expect(await consumed).toEqual([])
    })

    it('ends with the scope that uses it', async () => {
      const map = await open<string, number>()
      let consumed: Promise<object[]> | undefined
      {
        await using stream = map.events({ overflow })
        consumed = rest(stream)
        await stream.ready
      }
      expect(await consumed).toEqual([])
    })

    it('rejects with the reason of a signal that aborts while its consumer waits, and then is over', async () => {
      const map = await open<string, number>()
      const controller = new AbortController()
      const stream = map.events({ overflow, signal: controller.signal })
      const iterator = stream[Symbol.asyncIterator]()
      await stream.ready
      const waiting = iterator.next()
      const reason = new Error('enough')
      controller.abort(reason)
      await expect(waiting).rejects.toBe(reason)
      expect(await iterator.next()).toEqual({ done: true, value: undefined })
    })

    it('rejects with the reason of a signal that aborts while events wait for it', async () => {
      const map = await open<string, number>()
      const controller = new AbortController()
      const stream = map.events({ overflow, signal: controller.signal })
      await map.setAll([
        ['a', 1],
        ['b', 2],
      ])
      const iterator = stream[Symbol.asyncIterator]()
      await iterator.next()
      controller.abort('enough')
      await expect(iterator.next()).rejects.toBe('enough')
      expect(await iterator.next()).toEqual({ done: true, value: undefined })
    })

    it('is never registered where its signal is aborted before', async () => {
      const map = await open<string, number>()
      const stream = map.events({ overflow, signal: AbortSignal.abort('before') })
      await expect(stream.ready).rejects.toBe('before')
      await expect(stream[Symbol.asyncIterator]().next()).rejects.toBe('before')
    })

    it('gives what came before the map was destroyed, and ends', async () => {
      const map = await open<string, number>()
      const stream = map.events({ overflow })
      await map.set('a', 1)
      await map.destroy()
      expect(await rest(stream)).toEqual([inserted('a', 1)])
    })

    it('ends where another session destroys the map', async () => {
      const map = await open<string, number>()
      const other = await openSession()
      const its = await other.getMap<string, number>(map.name)
      const stream = its.events({ overflow })
      const consumed = rest(stream)
      await stream.ready
      await map.destroy()
      expect(await consumed).toEqual([])
      await other.close()
    })

    it('ends where the map is released', async () => {
      const map = await open<string, number>()
      const stream = map.events({ overflow })
      const consumed = rest(stream)
      await stream.ready
      await map.release()
      expect(await consumed).toEqual([])
    })

    it('ends where the session is closed', async () => {
      const other = await openSession()
      const map = await other.getMap<string, number>((await open()).name)
      const stream = map.events({ overflow })
      const consumed = rest(stream)
      await stream.ready
      await other.close()
      expect(await consumed).toEqual([])
    })

    it('reports a truncation', async () => {
      const map = await open<string, number>()
      const stream = map.events({ overflow })
      await map.set('a', 1)
      await map.truncate()
      await map.set('a', 2)
      expect(await next(stream[Symbol.asyncIterator](), 3)).toEqual([
        inserted('a', 1),
        { type: 'truncated' },
        inserted('a', 2),
      ])
      await stream.close()
    })

    it('rejects where the server refuses its filter; the session is not touched', async () => {
      const map = await open<string, number>()
      const stream = map.events({ overflow, filter: Filters.custom('com.acme.NoSuchFilter') })
      await expect(stream.ready).rejects.toMatchObject({ name: 'ServerError', operation: 'events' })
      await expect(rest(stream)).rejects.toMatchObject({ name: 'ServerError', mapName: map.name })
      await map.set('a', 1)
      expect(await map.get('a')).toBe(1)
    })
  })

  it('is consumed once', async () => {
    const map = await open<string, number>()
    const stream = map.events()
    stream[Symbol.asyncIterator]()
    expect(() => stream[Symbol.asyncIterator]()).toThrow(
      wrongArgument('An event stream can be consumed once; '),
    )
    await stream.close()
  })

  it('needs no consumer to be closed, aborted, or ended with its session', async () => {
    const other = await openSession()
    const map = await other.getMap<string, number>((await open()).name)
    const controller = new AbortController()
    const closed = map.events()
    const aborted = map.events({ signal: controller.signal })
    map.events()
    await map.set('a', 1)
    await closed.close()
    controller.abort()
    await aborted.ready
    await other.close()
    expect(other.closed).toBe(true)
  })

  it('waits for its consumer without holding up the calls of its session', async () => {
    const map = await open<number, string>()
    const value = 'x'.repeat(10_000)
    await using stream = map.events()
    await stream.ready
    for (let batch = 0; batch < 10; batch++) {
      await map.setAll(Array.from({ length: 200 }, (_, key) => [batch * 200 + key, value] as const))
    }
    expect(await map.size()).toBe(2_000)
    const keys = new Set((await next(stream[Symbol.asyncIterator](), 2_000)).map((event) => event['key']))
    expect(keys.size).toBe(2_000)
  })

  it('leaves no listener on its signal', async () => {
    const map = await open<string, number>()
    const { signal } = new AbortController()
    const listeners = countListeners(signal)
    for (const overflow of POLICIES) {
      const stream = map.events({ overflow, signal })
      await map.set('a', 1)
      await stream[Symbol.asyncIterator]().next()
      await stream.close()
    }
    const subscription = await map.listen(() => undefined, { signal, priming: true })
    await subscription.close()
    await eventually(() => listeners.count === 0)
    expect(listeners.count).toBe(0)
    expect(session().closed).toBe(false)
  })
})

/** How many listeners a signal has. */
function countListeners(signal: AbortSignal): { count: number } {
  const listeners = { count: 0 }
  const add = signal.addEventListener.bind(signal)
  const remove = signal.removeEventListener.bind(signal)
  const known = new Set<unknown>()
  signal.addEventListener = (type: string, listener: () => void) => {
    known.add(listener)
    listeners.count = known.size
    add(type, listener)
  }
  signal.removeEventListener = (type: string, listener: () => void) => {
    known.delete(listener)
    listeners.count = known.size
    remove(type, listener)
  }
  return listeners
}
