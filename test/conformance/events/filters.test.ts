// Listeners to the entries that a filter accepts, and to some kinds of change.
import { type EventKind, Filters } from 'coherence-ts'
import { describeMaps, type OpenMap } from '../../support/maps'
import { deleted, inserted, Notes, updated } from './noted'

interface Person {
  readonly age: number
  readonly name?: string
}

const ADULT = Filters.greaterEqual<Person, 'age'>('age', 18)
const CHILD = { age: 10 }
const TEEN = { age: 18 }
const GROWN = { age: 40 }

/** What a listener to `kinds` is told of a life that begins and ends below the age and is above it meanwhile. */
async function toldOf(open: OpenMap, kinds?: readonly EventKind[]): Promise<object[]> {
  const map = await open<string, Person>()
  const notes = new Notes()
  await map.listen(notes.note, { filter: ADULT, kinds })
  for (const person of [CHILD, TEEN, GROWN, CHILD]) await map.set('ann', person)
  await map.delete('ann')
  await map.set('bob', GROWN)
  await map.delete('bob')
  return notes.take()
}

const BORN = inserted('bob', GROWN)
const DIED = deleted('bob', GROWN)
const ENTERED = updated('ann', CHILD, TEEN)
const WITHIN = updated('ann', TEEN, GROWN)
const LEFT = updated('ann', GROWN, CHILD)

describeMaps('a listener with a filter', (open) => {
  it('is told of all changes from or to a value that the filter accepts', async () => {
    expect(await toldOf(open)).toEqual([ENTERED, WITHIN, LEFT, BORN, DIED])
  })

  const kinds: readonly (readonly [EventKind, object[]])[] = [
    ['inserted', [BORN]],
    ['updated', [ENTERED, WITHIN, LEFT]],
    ['deleted', [DIED]],
    ['entered', [ENTERED]],
    ['left', [LEFT]],
    ['within', [WITHIN]],
  ]
  it.each(kinds)('is told of what is %s alone', async (kind, told) => {
    expect(await toldOf(open, [kind])).toEqual(told)
  })

  it('is told of several kinds', async () => {
    expect(await toldOf(open, ['inserted', 'entered', 'left', 'deleted'])).toEqual([
      ENTERED,
      LEFT,
      BORN,
      DIED,
    ])
  })

  it('is told of kinds of change without a filter', async () => {
    const map = await open<string, number>()
    const notes = new Notes()
    await map.listen(notes.note, { kinds: ['updated'] })
    for (let round = 0; round < 10; round++) await map.set('a', round)
    await map.delete('a')
    expect(notes.all).toEqual(Array.from({ length: 9 }, (_, value) => updated('a', value, value + 1)))
  })

  it('is told exactly once by each of several that accept it', async () => {
    const map = await open<string, Person>()
    const notes = [new Notes(), new Notes(), new Notes()] as const
    await map.listen(notes[0].note, { filter: ADULT })
    await map.listen(notes[1].note, { filter: Filters.less<Person, 'age'>('age', 50) })
    await map.listen(notes[2].note, { filter: Filters.less<Person, 'age'>('age', 30) })
    await map.set('ann', GROWN)
    expect(notes.map(({ all }) => all)).toEqual([[inserted('ann', GROWN)], [inserted('ann', GROWN)], []])
  })

  it('shares a registration with others of the same filter, and each can be closed', async () => {
    const map = await open<string, Person>()
    const notes = [new Notes(), new Notes(), new Notes()] as const
    const subscriptions = []
    for (const { note } of notes) subscriptions.push(await map.listen(note, { filter: ADULT }))
    await map.set('a', GROWN)
    await subscriptions[1]?.close()
    await map.set('b', GROWN)
    await subscriptions[0]?.close()
    await map.set('c', GROWN)
    await subscriptions[2]?.close()
    await map.set('d', GROWN)
    expect(notes.map(({ all }) => all.map(({ key }) => key))).toEqual([['a', 'b'], ['a'], ['a', 'b', 'c']])
  })

  // The server takes filters that are equal to Java for one, and gives events to the last of them alone.
  it('is told of events where another filter differs in its form only', async () => {
    const map = await open<string, Person>()
    const notes = [new Notes(), new Notes(), new Notes()] as const
    const forms = [
      [18, 40],
      [40, 18],
      [40, 18, 18],
    ].map((ages) =>
      Filters.custom<Person>('filter.InFilter', {
        extractor: { '@class': 'extractor.UniversalExtractor', name: 'age' },
        value: ages,
      }),
    )
    const subscriptions = []
    for (const [index, filter] of forms.entries()) {
      subscriptions.push(await map.listen(notes[index]?.note ?? fail, { filter }))
    }
    await map.set('a', GROWN)
    await subscriptions[2]?.close()
    await map.set('b', TEEN)
    await subscriptions[0]?.close()
    await map.set('c', TEEN)
    await map.set('d', CHILD)
    expect(notes.map(({ all }) => all.map(({ key }) => key))).toEqual([['a', 'b'], ['a', 'b', 'c'], ['a']])
  })

  // Other clients register a plain filter as a key, and never take it back.
  it('gets events of a plain filter until it is closed, and none afterwards', async () => {
    const map = await open<string, Person>()
    const notes = new Notes()
    for (let round = 0; round < 3; round++) {
      const subscription = await map.listen(notes.note, { filter: ADULT })
      await map.set('a', GROWN)
      await subscription.close()
      await map.set('a', CHILD)
    }
    expect(notes.all).toEqual([inserted('a', GROWN), updated('a', CHILD, GROWN), updated('a', CHILD, GROWN)])
  })

  it('is refused by the server where it knows no such filter; others are not touched', async () => {
    const map = await open<string, Person>()
    const notes = new Notes()
    await map.listen(notes.note)
    const wrong = map.listen(notes.note, { filter: Filters.custom('com.acme.NoSuchFilter') })
    await expect(wrong).rejects.toMatchObject({ name: 'ServerError', operation: 'listen', mapName: map.name })
    await map.set('a', GROWN)
    expect(notes.all).toEqual([inserted('a', GROWN)])
  })
})

function fail(): never {
  throw new Error('There is no such listener')
}
