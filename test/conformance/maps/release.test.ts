// release: ends the use of the map on this client alone.
import { MapInactiveError, type MapLifecycleEvent } from 'coherence-ts'
import { describeMaps, openSession } from '../../support/maps'

describeMaps('release', (open, session) => {
  it('makes the map inactive and keeps its entries on the server', async () => {
    const map = await open([['a', 1]])
    await map.release()
    expect(map.isActive).toBe(false)
    expect(session().activeMaps).not.toContain(map.name)
    const again = await session().getMap<string, number>(map.name)
    expect(again).not.toBe(map)
    expect(await again.get('a')).toBe(1)
  })

  it('does nothing the second time, nor after destroy', async () => {
    const map = await open<string, number>()
    await map.release()
    await map.release()
    const other = await open<string, number>()
    await other.destroy()
    await other.release()
    expect([map.isActive, other.isActive]).toEqual([false, false])
  })

  it('lets the calls in flight come to their end, and waits for them', async () => {
    const map = await open<string, number>()
    const settled: string[] = []
    const write = map.set('a', 1).then(() => settled.push('set'))
    await map.release().then(() => settled.push('release'))
    await write
    expect(settled).toEqual(['set', 'release'])
    const again = await session().getMap<string, number>(map.name)
    expect(await again.get('a')).toBe(1)
  })

  it('refuses calls that are made while others come to their end', async () => {
    const map = await open<string, number>()
    const write = map.set('a', 1)
    const released = map.release()
    await expect(map.set('b', 2)).rejects.toBeInstanceOf(MapInactiveError)
    await Promise.all([write, released])
    const again = await session().getMap<string, number>(map.name)
    expect(await again.keys().toArray()).toEqual(['a'])
  })

  it('calls the listeners of the map and of the session once', async () => {
    const map = await open<string, number>()
    const events: MapLifecycleEvent[] = []
    const note = (event: MapLifecycleEvent): void => {
      if (event.mapName === map.name) events.push(event)
    }
    map.on('released', note)
    session().on('released', note)
    await map.release()
    await map.release()
    session().off('released', note)
    const event = { type: 'released', mapName: map.name }
    expect(events).toEqual([event, event])
  })

  it('leaves the map of other clients active', async () => {
    const map = await open([['a', 1]])
    const other = await openSession()
    const its = await other.getMap<string, number>(map.name)
    await map.release()
    expect(await its.get('a')).toBe(1)
    await other.close()
  })

  it('does nothing where the session is closed, which released the map', async () => {
    const other = await openSession()
    const map = await other.getMap('released-by-close')
    const told = new Promise((resolve) => map.on('released', resolve))
    await other.close()
    expect(await told).toEqual({ type: 'released', mapName: 'released-by-close' })
    await map.release()
    expect(map.isActive).toBe(false)
  })
})
