// destroy: removes the map from the cluster, for every client.
import { MapInactiveError, type MapLifecycleEvent, SessionClosedError } from 'coherence-ts'
import { describeMaps, openSession } from '../../support/maps'
import { describeGivenUp } from '../../support/receivers'

describeMaps('destroy', (open, session) => {
  it('removes all entries; the map is inactive, and a new one of its name is empty', async () => {
    const map = await open([['a', 1]])
    await map.destroy()
    expect(map.isActive).toBe(false)
    expect(session().activeMaps).not.toContain(map.name)
    const again = await session().getMap(map.name)
    expect(again).not.toBe(map)
    expect(await again.isEmpty()).toBe(true)
  })

  it('does nothing the second time', async () => {
    const map = await open([['a', 1]])
    await map.destroy()
    await map.destroy()
    expect(map.isActive).toBe(false)
  })

  it('can be called twice at once', async () => {
    const map = await open([['a', 1]])
    await Promise.all([map.destroy(), map.destroy()])
    expect(map.isActive).toBe(false)
  })

  it('calls the listeners of the map and of the session once', async () => {
    const map = await open([['a', 1]])
    const events: MapLifecycleEvent[] = []
    const note = (event: MapLifecycleEvent): void => {
      if (event.mapName === map.name) events.push(event)
    }
    map.on('destroyed', note).on('released', note)
    session().on('destroyed', note).on('released', note)
    await map.destroy()
    await session().ping()
    session().off('destroyed', note).off('released', note)
    const event = { type: 'destroyed', mapName: map.name }
    expect(events).toEqual([event, event])
  })

  it('makes the map of other clients inactive, and calls their listeners', async () => {
    const map = await open([['a', 1]])
    const other = await openSession()
    const its = await other.getMap(map.name)
    const told = new Promise((resolve) => its.on('destroyed', resolve))
    await map.destroy()
    expect(await told).toEqual({ type: 'destroyed', mapName: map.name })
    expect(its.isActive).toBe(false)
    await expect(its.get('a')).rejects.toBeInstanceOf(MapInactiveError)
    const again = await other.getMap<string, number>(map.name)
    await again.set('b', 2)
    expect(await again.get('b')).toBe(2)
    await other.close()
  })

  it('keeps its place among the writes, awaited or not', async () => {
    const map = await open<string, number>()
    const before = map.set('before', 1)
    const destroyed = map.destroy()
    expect(await before).toBeUndefined()
    await destroyed
  })

  it('rejects with MapInactiveError where the map was released', async () => {
    const map = await open<string, number>()
    await map.release()
    await expect(map.destroy()).rejects.toMatchObject({ name: 'MapInactiveError', reason: 'released' })
  })

  it('rejects with SessionClosedError where the session is closed', async () => {
    const other = await openSession()
    const map = await other.getMap('never-destroyed')
    await other.close()
    await expect(map.destroy()).rejects.toBeInstanceOf(SessionClosedError)
  })

  describeGivenUp('destroy', (map, options) => map.destroy(options))
})
