// Listeners to one key, whatever the key is.
import { ALL_KINDS, describeMaps, FALSY, openSession } from '../../support/maps'
import { deleted, inserted, Notes, updated } from './noted'

describeMaps('a listener to one key', (open) => {
  it('gets events of this key alone', async () => {
    const map = await open<string, number>()
    const notes = new Notes()
    await map.listen(notes.note, { key: 'a' })
    await map.setAll([
      ['a', 1],
      ['b', 2],
      ['aa', 3],
    ])
    await map.set('a', 4)
    await map.clear()
    expect(notes.all).toEqual([inserted('a', 1), updated('a', 1, 4), deleted('a', 4)])
  })

  describe('gets the events of a key that is', () => {
    const keys: readonly (readonly [string, unknown])[] = [
      ...ALL_KINDS,
      ...FALSY.map((key) => [`falsy: ${JSON.stringify(key)}`, key] as const),
    ]
    it.each(keys)('%s', async (_kind, key) => {
      const map = await open<unknown, number>([['other', 0]])
      const notes = new Notes()
      const subscription = await map.listen(notes.note, { key })
      await map.set(key, 1)
      await map.set('other', 1)
      await map.set(key, 2)
      await map.delete(key)
      await subscription.close()
      await map.set(key, 3)
      expect(notes.all).toEqual([inserted(key, 1), updated(key, 1, 2), deleted(key, 2)])
    })
  })

  // Other clients take 0 for no key at all.
  it('does not get events of all keys where the key is 0, an empty string or false', async () => {
    const map = await open<unknown, string>()
    const notes = new Notes()
    for (const key of [0, '', false]) await map.listen(notes.note, { key })
    await map.setAll([
      [1, 'one'],
      ['0', 'text'],
      [true, 'true'],
      [null, 'null'],
    ])
    expect(notes.all).toEqual([])
  })

  // Other clients take a key that is true for the flag that asks for no values.
  it('gets values where the key is true or false', async () => {
    const map = await open<boolean, string>()
    const notes = new Notes()
    await map.listen(notes.note, { key: true })
    await map.listen(notes.note, { key: false })
    await map.set(true, 'yes')
    await map.set(false, 'no')
    expect(notes.all).toEqual([inserted(true, 'yes'), inserted(false, 'no')])
  })

  it('gets events of an equal object key, whatever the order of its members', async () => {
    const map = await open<object, number>()
    const notes = new Notes()
    await map.listen(notes.note, { key: { name: 'a', id: { at: [1], in: 'b' } } })
    await map.set({ id: { in: 'b', at: [1] }, name: 'a' }, 1)
    await map.set({ id: { in: 'b', at: [2] }, name: 'a' }, 2)
    expect(notes.all).toEqual([inserted({ name: 'a', id: { at: [1], in: 'b' } }, 1)])
  })

  it('gets events of sessions that use other objects as the key', async () => {
    const map = await open<object, number>()
    const notes = new Notes()
    await map.listen(notes.note, { key: { b: 1, a: 2 } })
    const other = await openSession()
    const its = await other.getMap<object, number>(map.name)
    await its.set({ a: 2, b: 1 }, 1)
    await other.close()
    expect(await notes.until(1)).toEqual([inserted({ b: 1, a: 2 }, 1)])
  })

  it('goes on where another one to the same key is closed', async () => {
    const map = await open<string, number>()
    const notes = [new Notes(), new Notes()] as const
    const first = await map.listen(notes[0].note, { key: 'a' })
    await map.listen(notes[1].note, { key: 'a' })
    await map.set('a', 1)
    await first.close()
    await map.set('a', 2)
    expect(notes.map(({ all }) => all)).toEqual([[inserted('a', 1)], [inserted('a', 1), updated('a', 1, 2)]])
  })

  it('gets each event once, as do listeners to all keys and to other keys', async () => {
    const map = await open<string, number>()
    const notes = [new Notes(), new Notes(), new Notes()] as const
    await map.listen(notes[0].note, { key: 'a' })
    await map.listen(notes[1].note)
    await map.listen(notes[2].note, { key: 'b' })
    await map.set('a', 1)
    await map.set('b', 2)
    expect(notes.map(({ all }) => all)).toEqual([
      [inserted('a', 1)],
      [inserted('a', 1), inserted('b', 2)],
      [inserted('b', 2)],
    ])
  })
})
