// A connection that is lost and comes back: listeners are registered again and told what they may have missed.
import type { EventGap, NamedCache, Overflow, Session } from 'coherence-ts'
import { serverAddress, uniqueName } from '../../support/conformance'
import { eventually } from '../../support/eventually'
import { describeMaps, getAllFails, openSession } from '../../support/maps'
import { startTcpProxy, type TcpProxy } from '../../support/tcp-proxy'
import { deleted, inserted, next, Notes, primed, updated } from './noted'

const GAP = { type: 'gap', reason: 'disconnected' }

describeMaps('after a lost connection', (_open, direct) => {
  let proxy: TcpProxy
  let session: Session
  let map: NamedCache<string, number>
  /** The same map through a connection that stays. */
  let its: NamedCache<string, number>

  beforeEach(async () => {
    proxy = await startTcpProxy(serverAddress())
    session = await openSession({ address: proxy.address })
    map = await session.getCache(uniqueName('cut'))
    its = await direct().getCache(map.name)
  })
  afterEach(async () => {
    await session.close()
    await proxy.close()
  })

  /** Loses the connection, does `meanwhile`, and lets the session have another one. */
  async function outage(meanwhile: () => Promise<unknown>): Promise<void> {
    const lost = new Promise((resolve) => session.on('disconnected', resolve))
    const back = new Promise((resolve) => session.on('reconnected', resolve))
    proxy.refuse()
    proxy.cut()
    await lost
    await meanwhile()
    await proxy.accept()
    await back
  }

  it('a listener gets the gap, and the events after it', async () => {
    const notes = new Notes()
    await map.listen(notes.everything)
    await map.set('a', 1)
    await outage(() => its.set('a', 2))
    await its.set('a', 3)
    expect(await notes.until(3)).toEqual([inserted('a', 1), GAP, updated('a', 2, 3)])
  })

  it('the gap spans what was missed', async () => {
    const gaps: EventGap<string, number>[] = []
    await map.listen({ onGap: (gap) => gaps.push(gap) })
    await map.set('a', 1)
    let missedAt = 0
    await outage(() => {
      missedAt = Date.now()
      return its.set('a', 2)
    })
    const [gap] = gaps
    expect([gap?.map, gap?.dropped]).toEqual([map, undefined])
    expect(gap?.from.getTime()).toBeLessThanOrEqual(missedAt)
    expect(gap?.to.getTime()).toBeGreaterThanOrEqual(missedAt)
    expect(gap?.to.getTime()).toBeLessThanOrEqual(Date.now())
  })

  it('a call that waited is carried out when the listeners are registered again', async () => {
    const notes = new Notes()
    await map.listen(notes.everything)
    await map.listen(notes.everything, { key: 'a' })
    let waiting: Promise<unknown> = Promise.resolve()
    await outage(async () => {
      waiting = map.set('a', 1)
      await its.size()
    })
    await waiting
    expect(notes.all).toEqual([GAP, GAP, inserted('a', 1), inserted('a', 1)])
  })

  it('a listener gets one gap for each outage, and no event twice afterwards', async () => {
    const notes = new Notes()
    await map.listen(notes.everything)
    for (let round = 0; round < 5; round++) {
      await outage(() => Promise.resolve())
      await map.set('a', round)
    }
    expect(notes.all).toEqual([
      GAP,
      inserted('a', 0),
      ...[1, 2, 3, 4].flatMap((round) => [GAP, updated('a', round - 1, round)]),
    ])
  })

  it('lite and full listeners, by key, by filter and by kinds, are what they were', async () => {
    const notes = [new Notes(), new Notes(), new Notes(), new Notes()] as const
    await map.listen(notes[0].note, { lite: true })
    await map.listen(notes[1].note, { key: 'a' })
    await map.listen(notes[2].note, { key: 'b', lite: true })
    await map.listen(notes[3].note, { kinds: ['delete'] })
    await outage(() => Promise.resolve())
    await map.set('a', 1)
    await map.delete('a')
    await map.set('b', 2)
    expect(notes.map(({ all }) => all)).toEqual([
      [inserted('a', undefined), deleted('a', undefined), inserted('b', undefined)],
      [inserted('a', 1), deleted('a', 1)],
      [inserted('b', undefined)],
      [deleted('a', 1)],
    ])
  })

  it('a listener that is closed during the outage is not registered again; closing it takes no connection', async () => {
    const notes = new Notes()
    const subscription = await map.listen(notes.everything)
    await outage(() => subscription.close())
    await map.set('a', 1)
    expect(notes.all).toEqual([])
  })

  it('a listener that was added during the outage is registered, and gets no gap', async () => {
    const notes = new Notes()
    let listening: Promise<unknown> = Promise.resolve()
    await outage(async () => {
      listening = map.listen(notes.everything)
      await its.set('a', 1)
    })
    await listening
    await its.set('a', 2)
    expect(await notes.until(1)).toEqual([updated('a', 1, 2)])
  })

  it('an asynchronous listener gets the gap in its place among the events', async () => {
    const notes = new Notes()
    let release = (): void => undefined
    const busy = new Promise<void>((resolve) => (release = resolve))
    const note = async (event: Parameters<Notes['note']>[0]): Promise<void> => {
      notes.note(event)
      await busy
    }
    await map.listen({ onAny: note, onGap: note })
    await map.set('a', 1)
    await map.set('a', 2)
    await outage(() => its.set('a', 3))
    await map.set('a', 4)
    release()
    expect(await notes.until(4)).toEqual([inserted('a', 1), updated('a', 1, 2), GAP, updated('a', 3, 4)])
  })

  it('with resync a listener gets the entries of the map after the gap', async () => {
    const notes = new Notes()
    await map.listen(notes.everything, { resync: true })
    await map.setAll([
      ['a', 1],
      ['b', 2],
    ])
    notes.take()
    await outage(async () => {
      await its.delete('a')
      await its.set('b', 3)
      await its.set('c', 4)
    })
    expect((await notes.until(3))[0]).toEqual(GAP)
    expect(notes.all.slice(1)).toEqual(expect.arrayContaining([primed('b', 3), primed('c', 4)]))
    await map.set('c', 5)
    expect(notes.all.slice(3)).toEqual([updated('c', 4, 5)])
  })

  it('with resync a listener to a key gets a marked update without a value where the entry is gone', async () => {
    const notes = new Notes()
    // Some servers cannot look for a key outside ASCII.
    const key = getAllFails() ? 'a' : 'ä'
    await map.listen(notes.everything, { resync: true, key })
    await map.set(key, 1)
    await outage(() => its.delete(key))
    expect(await notes.until(3)).toEqual([inserted(key, 1), GAP, primed(key, undefined)])
    await map.set(key, 2)
    expect(notes.all.slice(3)).toEqual([inserted(key, 2)])
  })

  it('with resync another outage starts the report of the entries again', async () => {
    await its.setAll(Array.from({ length: 3_000 }, (_, key) => [String(key), key] as const))
    const picture = new Map<unknown, unknown>()
    let gaps = 0
    await map.listen(
      {
        onAny: async ({ key, newValue }) => {
          picture.set(key, newValue)
          if (picture.size % 100 === 0) await new Promise((resolve) => setImmediate(resolve))
          if (picture.size === 1_000 && gaps === 1) proxy.cut()
        },
        onGap: () => {
          gaps += 1
          picture.clear()
        },
      },
      { resync: true },
    )
    await outage(() => its.set('0', -1))
    await eventually(() => gaps === 2 && picture.size === 3_000, 20)
    expect([gaps, picture.size, picture.get('0')]).toEqual([2, 3_000, -1])
  })

  it('a listener whose report of the entries was interrupted gets all of them', async () => {
    await its.setAll(Array.from({ length: 3_000 }, (_, key) => [String(key), key] as const))
    const told = new Map<unknown, unknown>()
    const listening = map.listen(
      async ({ key, newValue }) => {
        told.set(key, newValue)
        if (told.size === 500) proxy.cut()
        if (told.size % 50 === 0) await new Promise((resolve) => setImmediate(resolve))
      },
      { priming: true },
    )
    const subscription = await listening
    await its.set('0', -1)
    await eventually(() => told.size === 3_000 && told.get('0') === -1)
    expect([told.size, subscription.isActive]).toEqual([3_000, true])
  })

  describe.each<Overflow>(['pause', 'dropOldest', 'error'])('a stream with overflow %j', (overflow) => {
    it('goes on with the gap, and then with what comes after it', async () => {
      await using stream = map.events({ overflow })
      const iterator = stream[Symbol.asyncIterator]()
      await map.set('a', 1)
      await outage(() => its.set('a', 2))
      expect(await next(iterator, 2)).toEqual([inserted('a', 1), GAP])
      await its.set('a', 3)
      expect(await next(iterator, 1)).toEqual([updated('a', 2, 3)])
    })

    it('gives the entries of the map with resync', async () => {
      await using stream = map.events({ overflow, resync: true })
      const iterator = stream[Symbol.asyncIterator]()
      await stream.ready
      await outage(() => its.set('a', 2))
      expect(await next(iterator, 2)).toEqual([GAP, primed('a', 2)])
      await map.set('a', 3)
      expect(await next(iterator, 1)).toEqual([updated('a', 2, 3)])
    })

    it('starts each gap after the end of the gap before', async () => {
      await using stream = map.events({ overflow })
      const iterator = stream[Symbol.asyncIterator]()
      await stream.ready
      await outage(() => its.set('a', 1))
      const first = await iterator.next()
      await map.set('a', 2)
      await iterator.next()
      await outage(() => its.set('a', 3))
      const second = await iterator.next()
      if (first.done === true || first.value.type !== 'gap') throw new Error('There is no first gap')
      if (second.done === true || second.value.type !== 'gap') throw new Error('There is no second gap')
      expect(second.value.from.getTime()).toBeGreaterThanOrEqual(first.value.to.getTime())
    })

    it('can be closed meanwhile, which takes no connection', async () => {
      const stream = map.events({ overflow })
      await stream.ready
      await outage(() => stream.close())
      expect(await stream[Symbol.asyncIterator]().next()).toEqual({ done: true, value: undefined })
    })

    it('ends with the session that is closed meanwhile', async () => {
      const stream = map.events({ overflow })
      const iterator = stream[Symbol.asyncIterator]()
      await stream.ready
      const lost = new Promise((resolve) => session.on('disconnected', resolve))
      proxy.refuse()
      proxy.cut()
      await lost
      const end = iterator.next()
      await session.close()
      expect(await end).toEqual({ done: true, value: undefined })
    })
  })

  it('calls that do not wait for a connection do not keep listeners from coming back', async () => {
    const hasty = await openSession({ address: proxy.address, readyTimeoutSeconds: 0 })
    const mine = await hasty.getMap<string, number>(map.name)
    const notes = new Notes()
    await mine.listen(notes.everything)
    await using stream = mine.events()
    const iterator = stream[Symbol.asyncIterator]()
    await stream.ready
    const back = new Promise((resolve) => hasty.on('reconnected', resolve))
    await outage(async () => {
      await expect(mine.listen(notes.note)).rejects.toMatchObject({
        name: 'ConnectionError',
        outcome: 'not-sent',
      })
    })
    await back
    expect(await next(iterator, 1)).toEqual([GAP])
    await its.set('a', 1)
    expect(await notes.until(2)).toEqual([GAP, inserted('a', 1)])
    expect(await next(iterator, 1)).toEqual([inserted('a', 1)])
    await hasty.close()
  })
})
