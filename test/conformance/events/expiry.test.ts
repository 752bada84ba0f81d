// Entries whose time is over, as listeners see them.
import { describeMaps } from '../../support/maps'
import { eventually } from '../../support/eventually'
import { deleted, inserted, next, Notes, updated } from './noted'

/** The server looks for entries whose time is over when it is asked for something. */
const expiredEvent = (key: unknown, value: unknown): object => ({
  ...deleted(key, value),
  expired: true,
  synthetic: true,
})

describeMaps('an entry that expires', (open) => {
  it('causes a delete event that is expired and synthetic', async () => {
    const cache = await open<string, number>()
    const notes = new Notes()
    await cache.listen(notes.note)
    await cache.set('a', 1, { ttlSeconds: 0.05 })
    await eventually(async () => (await cache.size()) === 0 && notes.all.length === 2)
    expect(notes.all).toEqual([inserted('a', 1), expiredEvent('a', 1)])
  })

  it('causes an event for a listener to its key, for a lite listener and for a stream', async () => {
    const cache = await open<string, number>()
    const [byKey, lite] = [new Notes(), new Notes()]
    await cache.listen(byKey.note, { key: 'a' })
    await cache.listen(lite.note, { lite: true, kinds: ['delete'] })
    await using stream = cache.events()
    await cache.set('a', 1, { ttlSeconds: 0.05 })
    await eventually(async () => (await cache.size()) === 0 && byKey.all.length === 2)
    expect([byKey.all, lite.all]).toEqual([
      [inserted('a', 1), expiredEvent('a', 1)],
      [expiredEvent('a', undefined)],
    ])
    expect(await next(stream[Symbol.asyncIterator](), 2)).toEqual([inserted('a', 1), expiredEvent('a', 1)])
  })

  it('is no expiry where it is deleted before', async () => {
    const cache = await open<string, number>()
    const notes = new Notes()
    await cache.listen(notes.note)
    await cache.set('a', 1, { ttlSeconds: 60 })
    await cache.set('a', 2)
    await cache.delete('a')
    expect(notes.all).toEqual([inserted('a', 1), updated('a', 1, 2), deleted('a', 2)])
  })
})
