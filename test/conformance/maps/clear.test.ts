// clear: removes all entries.
import { describeMaps } from '../../support/maps'
import { describeReceiver } from '../../support/receivers'

const ENTRIES: [string, number][] = [
  ['a', 1],
  ['b', 2],
]

describeMaps('clear', (open, session) => {
  it('removes all entries', async () => {
    const map = await open(ENTRIES)
    await map.clear()
    expect([await map.size(), await map.has('a'), await map.get('b')]).toEqual([0, false, undefined])
  })

  it('changes nothing where there are none', async () => {
    const map = await open<string, number>()
    await map.clear()
    expect(await map.isEmpty()).toBe(true)
  })

  it('leaves the map active, and other maps as they are', async () => {
    const map = await open(ENTRIES)
    const other = await open(ENTRIES)
    await map.clear()
    await map.set('c', 3)
    expect(await map.entries().toArray()).toEqual([['c', 3]])
    expect(await other.size()).toBe(2)
  })

  it('keeps its place among the writes, awaited or not', async () => {
    const map = await open<string, number>()
    await Promise.all([map.set('before', 1), map.clear(), map.set('after', 2)])
    expect(await map.entries().toArray()).toEqual([['after', 2]])
  })

  it('is no truncation: there is no such event', async () => {
    const map = await open(ENTRIES)
    const events: string[] = []
    map.on('truncated', ({ type }) => events.push(type))
    await map.clear()
    await session().ping()
    expect(events).toEqual([])
  })

  describeReceiver('clear', (map, options) => map.clear(options))
})
