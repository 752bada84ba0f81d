// Listeners without values, alone and beside others with values.
import { type ListenOptions, type NamedCache, Filters } from 'coherence-ts'
import { describeMaps } from '../../support/maps'
import { deleted, inserted, Notes, updated } from './noted'

const LITE = [inserted('a', undefined), updated('a', undefined, undefined), deleted('a', undefined)]

async function life(map: NamedCache<string, number>): Promise<void> {
  await map.set('a', 1)
  await map.set('a', 2)
  await map.delete('a')
}

const TARGETS: readonly (readonly [string, ListenOptions<string, number>])[] = [
  ['all entries', {}],
  ['a key', { key: 'a' }],
  ['a filter', { filter: Filters.present() }],
]

describeMaps('a lite listener', (open) => {
  describe.each(TARGETS)('to %s', (_what, target) => {
    it('gets events without values', async () => {
      const map = await open<string, number>()
      const notes = new Notes()
      await map.listen(notes.note, { ...target, lite: true })
      await life(map)
      expect(notes.all).toEqual(LITE)
    })

    it('gets no values where another one gets them, which comes and goes', async () => {
      const map = await open<string, number>()
      const lite = new Notes()
      const full = new Notes()
      await map.listen(lite.note, { ...target, lite: true })
      await life(map)
      const subscription = await map.listen(full.note, target)
      await life(map)
      await subscription.close()
      await life(map)
      expect(lite.all).toEqual([...LITE, ...LITE, ...LITE])
      expect(full.all).toEqual([inserted('a', 1), updated('a', 1, 2), deleted('a', 2)])
    })

    it('takes no values away from those who had them before, nor events when it goes', async () => {
      const map = await open<string, number>()
      const lite = new Notes()
      const full = new Notes()
      await map.listen(full.note, target)
      const subscription = await map.listen(lite.note, { ...target, lite: true })
      await life(map)
      await subscription.close()
      await life(map)
      const life1 = [inserted('a', 1), updated('a', 1, 2), deleted('a', 2)]
      expect(lite.all).toEqual(LITE)
      expect(full.all).toEqual([...life1, ...life1])
    })

    it('misses nothing while others with values come and go', async () => {
      const map = await open<string, number>()
      const lite = new Notes()
      let valuesMissing = 0
      await map.listen(lite.note, { ...target, lite: true })
      let last = 0
      const stop = new AbortController()
      const write = async (): Promise<void> => {
        while (!stop.signal.aborted) await map.set('a', ++last)
      }
      const writing = write()
      for (let round = 0; round < 30; round++) {
        const full = await map.listen((event) => {
          if (event.newValue === undefined) valuesMissing += 1
        }, target)
        await full.close()
      }
      stop.abort()
      await writing
      expect([lite.all.length, valuesMissing]).toEqual([last, 0])
    })
  })
})
