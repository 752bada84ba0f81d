// truncate: removes all entries at once, and tells of that once.
import type { MapLifecycleEvent } from 'coherence-ts'
import { eventually } from '../../support/eventually'
import { describeMaps, openSession } from '../../support/maps'
import { describeReceiver } from '../../support/receivers'

describeMaps('truncate', (open, session) => {
  it('removes all entries, and the map stays active', async () => {
    const map = await open([['a', 1]])
    await map.truncate()
    expect([await map.size(), map.isActive]).toEqual([0, true])
    await map.set('b', 2)
    expect(await map.entries().toArray()).toEqual([['b', 2]])
  })

  it('keeps its place among the writes, awaited or not', async () => {
    const map = await open<string, number>()
    await Promise.all([map.set('before', 1), map.truncate(), map.set('after', 2)])
    expect(await map.entries().toArray()).toEqual([['after', 2]])
  })

  it('calls the listeners of the map and of the session once', async () => {
    const map = await open([['a', 1]])
    const events: MapLifecycleEvent[] = []
    const note = (event: MapLifecycleEvent): void => {
      if (event.mapName === map.name) events.push(event)
    }
    map.on('truncated', note)
    session().on('truncated', note)
    await map.truncate()
    await eventually(() => events.length >= 2)
    await session().ping()
    session().off('truncated', note)
    const event = { type: 'truncated', mapName: map.name }
    expect(events).toEqual([event, event])
  })

  it('calls the listeners of other clients', async () => {
    const map = await open([['a', 1]])
    const other = await openSession()
    const its = await other.getMap(map.name)
    const told = new Promise((resolve) => its.on('truncated', resolve))
    await map.truncate()
    expect(await told).toEqual({ type: 'truncated', mapName: map.name })
    await other.close()
  })

  it('does not call a listener after off', async () => {
    const map = await open([['a', 1]])
    const events: string[] = []
    const note = ({ type }: MapLifecycleEvent): void => void events.push(type)
    map.on('truncated', note).off('truncated', note)
    await map.truncate()
    await session().ping()
    expect(events).toEqual([])
  })

  describeReceiver('truncate', (map, options) => map.truncate(options))
})
