// What happens to a map as a whole, told on the map and on its session, by whomever it was done.
import { MapInactiveError, type MapLifecycleEvent, type NamedMap, type Session } from 'coherence-ts'
import { eventually } from '../../support/eventually'
import { describeMaps, openSession } from '../../support/maps'
import { wrongArgument } from '../../support/wrong-argument'
import { inserted, Notes } from './noted'

const EVENTS = ['truncated', 'destroyed', 'released'] as const

/** What the map and the session tell of it, in order. */
function listenToAll(map: NamedMap<never, never>, session: Session): string[] {
  const told: string[] = []
  const note =
    (who: string) =>
    ({ type, mapName }: MapLifecycleEvent): void => {
      if (mapName === map.name) told.push(`${who}: ${type}`)
    }
  for (const event of EVENTS) {
    map.on(event, note('map'))
    session.on(event, note('session'))
  }
  return told
}

describeMaps('the life cycle of a map', (open, session) => {
  let other: Session
  beforeAll(async () => {
    other = await openSession()
  })
  afterAll(async () => {
    await other.close()
  })

  // Other clients tell the map, and never the session.
  it.each([
    ['truncate', 'truncated'],
    ['destroy', 'destroyed'],
    ['release', 'released'],
  ] as const)('tells of %s on the map and on the session, once', async (method, event) => {
    const map = await open<never, never>()
    const told = listenToAll(map, session())
    await map[method]()
    await session().ping()
    expect(told).toEqual([`session: ${event}`, `map: ${event}`])
  })

  it.each([
    ['truncate', 'truncated'],
    ['destroy', 'destroyed'],
  ] as const)('tells of %s by another session', async (method, event) => {
    const map = await open<never, never>()
    const told = listenToAll(map, session())
    const its = await other.getMap(map.name)
    await its[method]()
    await eventually(() => told.length >= 2)
    expect(told).toEqual([`session: ${event}`, `map: ${event}`])
  })

  it('does not report a release to other sessions', async () => {
    const map = await open<never, never>()
    const its = await other.getMap<never, never>(map.name)
    const told = listenToAll(its, other)
    await map.release()
    await other.ping()
    expect([told, its.isActive]).toEqual([[], true])
  })

  it('does not call a listener after off', async () => {
    const map = await open<never, never>()
    const told: unknown[] = []
    const note = (event: unknown): void => void told.push(event)
    map.on('truncated', note).off('truncated', note)
    await map.truncate()
    expect(told).toEqual([])
  })

  it('reports a truncation to a listener, without an event for each entry', async () => {
    const map = await open([['a', 1]])
    const notes = new Notes()
    await map.listen(notes.everything)
    await map.truncate()
    await map.set('b', 2)
    expect(notes.all).toEqual([{ type: 'truncated' }, inserted('b', 2)])
  })

  it('goes on for listeners after a truncation by another session', async () => {
    const map = await open([['a', 1]])
    const notes = new Notes()
    await map.listen(notes.everything)
    const its = await other.getMap<string, number>(map.name)
    await its.truncate()
    await notes.until(1)
    await map.set('a', 2)
    expect(notes.all).toEqual([{ type: 'truncated' }, inserted('a', 2)])
  })

  // The server forgets listeners to keys then.
  it('goes on for any number of listeners to keys; those that may have missed an event get a gap', async () => {
    const map = await open<number, number>()
    const notes = Array.from({ length: 150 }, () => new Notes())
    await Promise.all(notes.map((each, key) => map.listen(each.everything, { key })))
    await map.truncate()
    await Promise.all(notes.map((each, key) => eventually(() => each.all.length >= (key < 100 ? 1 : 2))))
    await map.setAll(notes.map((_, key) => [key, 1] as const))
    const gap = { type: 'gap', reason: 'disconnected' }
    expect(notes.map(({ all }) => all)).toEqual(
      notes.map((_, key) => [{ type: 'truncated' }, ...(key < 100 ? [] : [gap]), inserted(key, 1)]),
    )
  })

  it('goes on for a listener to a key that was made while another session truncates', async () => {
    const map = await open<number, number>()
    const its = await other.getMap<number, number>(map.name)
    for (let key = 0; key < 110; key++) await map.listen(() => undefined, { key })
    for (let round = 0; round < 20; round++) {
      const notes = new Notes()
      const truncated = its.truncate()
      const subscription = await map.listen(notes.note, { key: 200 })
      await truncated
      await eventually(async () => {
        await map.set(200, round)
        return notes.all.length > 0
      })
      await subscription.close()
    }
    expect(map.isActive).toBe(true)
  })

  it('ends with destroy by another session: inactive, calls refused, listeners over', async () => {
    const map = await open([['a', 1]])
    const notes = new Notes()
    const subscription = await map.listen(notes.note)
    const streamed = map.events()
    const destroyed = new Promise((resolve) => map.on('destroyed', resolve))
    await streamed.ready
    const its = await other.getMap(map.name)
    await its.destroy()
    await destroyed
    expect([map.isActive, subscription.isActive, session().activeMaps.includes(map.name)]).toEqual([
      false,
      false,
      false,
    ])
    await expect(map.get('a')).rejects.toMatchObject({
      name: 'MapInactiveError',
      reason: 'destroyed',
      mapName: map.name,
    })
    await expect(map.listen(notes.note)).rejects.toBeInstanceOf(MapInactiveError)
    expect(() => map.events()).toThrow(MapInactiveError)
    for await (const event of streamed) notes.note(event)
    await subscription.close()
    expect(notes.all).toEqual([])
  })

  it('begins anew where the session is asked again after a destroy', async () => {
    const map = await open([['a', 1]])
    const notes = new Notes()
    await map.listen(notes.note)
    const its = await other.getMap<string, number>(map.name)
    const told = new Promise((resolve) => map.on('destroyed', resolve))
    await its.destroy()
    await told
    const again = await session().getMap<string, number>(map.name)
    const itsAgain = await other.getMap<string, number>(map.name)
    expect([again === map, again.isActive, await again.size()]).toEqual([false, true, 0])
    const anew = new Notes()
    await again.listen(anew.note)
    await itsAgain.set('b', 2)
    expect(await anew.until(1)).toEqual([inserted('b', 2)])
    expect(notes.all).toEqual([])
  })

  it('settles the calls that are under way when another session destroys the map', async () => {
    const map = await open<number, number>()
    const its = await other.getMap<number, number>(map.name)
    const calls = Array.from({ length: 200 }, (_, key) => map.set(key, key))
    const listening = Array.from({ length: 50 }, (_, key) => map.listen(() => undefined, { key }))
    const [results] = await Promise.all([
      Promise.allSettled<unknown>([...calls, ...listening]),
      its.destroy(),
    ])
    const errors = results.flatMap((result) =>
      result.status === 'rejected' ? [(result.reason as Error).name] : [],
    )
    expect(new Set([...errors, 'MapInactiveError'])).toEqual(new Set(['MapInactiveError']))
    // Writes that come in the same moment may make the server keep the map: it is destroyed, and there again.
    const size = (): Promise<number | undefined> => map.size().catch(() => undefined)
    await eventually(async () => !map.isActive || (await size()) === 200)
    expect(results).toHaveLength(250)
  })

  it('ends listen with MapInactiveError where the map is destroyed while the entries are reported', async () => {
    const map = await open(Array.from({ length: 2_000 }, (_, key) => [key, key] as const))
    const its = await other.getMap(map.name)
    let told = 0
    const listening = map.listen(
      async () => {
        if (++told === 10) await its.destroy()
        await new Promise((resolve) => setImmediate(resolve))
      },
      { priming: true },
    )
    await expect(listening).rejects.toBeInstanceOf(MapInactiveError)
    expect(told).toBeLessThan(2_000)
  })

  it('calls all listeners even where some fail', async () => {
    const mine = await openSession()
    const errors: unknown[] = []
    mine.on('error', (error) => errors.push(error))
    const map = await mine.getMap<never, never>((await open()).name)
    const failure = new Error('in truncated')
    map.on('truncated', () => {
      throw failure
    })
    map.on('truncated', () => Promise.reject(failure) as never)
    const told = listenToAll(map, mine)
    await map.truncate()
    await eventually(() => errors.length === 2)
    expect([told, errors]).toEqual([
      ['session: truncated', 'map: truncated'],
      [failure, failure],
    ])
    await mine.close()
  })

  it('refuses unknown events and listeners that are no functions', async () => {
    const map = await open<never, never>()
    expect(() => map.on('cleared' as never, () => undefined)).toThrow(
      wrongArgument("There is no event 'cleared'; "),
    )
    expect(() => map.on('truncated', null as never)).toThrow(
      wrongArgument("The listener to 'truncated' is null; "),
    )
    expect(() => session().on('map_truncated' as never, () => undefined)).toThrow(
      wrongArgument("There is no event 'map_truncated'; "),
    )
  })
})
