// Listeners to the entries that a filter accepts, and to some kinds of change; filters of events that are sent as they
// are.
import {
  type EventKind,
  Extractors,
  type Filter,
  Filters,
  type ListenOptions,
  type NamedCache,
} from 'coherence-ts'
import { eventually } from '../../support/eventually'
import { describeMaps, type OpenMap } from '../../support/maps'
import { deleted, inserted, next, Notes, primed, updated } from './noted'

interface Person {
  readonly age: number
  readonly name?: string
}

const ADULT = Filters.greaterEqual<Person, 'age'>('age', 18)
const CHILD = { age: 10 }
const TEEN = { age: 18 }
const GROWN = { age: 40 }

/** What a listener is told of a life that begins and ends below the age and is above it meanwhile, and one above it. */
async function toldOf(open: OpenMap, options: ListenOptions<string, Person>): Promise<object[]> {
  const map = await open<string, Person>()
  const notes = new Notes()
  await map.listen(notes.note, options)
  await life(map)
  return notes.take()
}

async function life(map: NamedCache<string, Person>): Promise<void> {
  for (const person of [CHILD, TEEN, GROWN, CHILD]) await map.set('ann', person)
  await map.delete('ann')
  await map.set('bob', GROWN)
  await map.delete('bob')
}

const BORN = inserted('bob', GROWN)
const DIED = deleted('bob', GROWN)
const ENTERED = updated('ann', CHILD, TEEN)
const WITHIN = updated('ann', TEEN, GROWN)
const LEFT = updated('ann', GROWN, CHILD)

describeMaps('a listener with a filter', (open) => {
  it('gets all changes from or to a value that the filter accepts', async () => {
    expect(await toldOf(open, { filter: ADULT })).toEqual([ENTERED, WITHIN, LEFT, BORN, DIED])
  })

  const kinds: readonly (readonly [EventKind, object[]])[] = [
    ['insert', [BORN]],
    ['update', [ENTERED, WITHIN, LEFT]],
    ['delete', [DIED]],
    ['entered', [ENTERED]],
    ['left', [LEFT]],
    ['within', [WITHIN]],
  ]
  it.each(kinds)('gets events of the kind %s alone', async (kind, told) => {
    expect(await toldOf(open, { filter: ADULT, kinds: [kind] })).toEqual(told)
  })

  it('gets events of several kinds', async () => {
    expect(await toldOf(open, { filter: ADULT, kinds: ['insert', 'entered', 'left', 'delete'] })).toEqual([
      ENTERED,
      LEFT,
      BORN,
      DIED,
    ])
  })

  it('gets events of some kinds without a filter', async () => {
    const map = await open<string, number>()
    const notes = new Notes()
    await map.listen(notes.note, { kinds: ['update'] })
    for (let round = 0; round < 10; round++) await map.set('a', round)
    await map.delete('a')
    expect(notes.all).toEqual(Array.from({ length: 9 }, (_, value) => updated('a', value, value + 1)))
  })

  it('gets an event once where several filters accept it', async () => {
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
  it('gets events where another filter differs in its form only', async () => {
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

const AGE = Extractors.extract<Person, 'age'>('age')
const [INSERTED, DELETED, EVERY_CHANGE, NATURAL] = [1, 4, 7, 2]
const BORN_CHILD = inserted('ann', CHILD)
const DIED_CHILD = deleted('ann', CHILD)

/** Makes a filter of events of the class that the server knows by `prefix` and a name. */
type MakeFilter = (prefix: string) => Filter<unknown>

function made(name: string, members: (prefix: string) => object): MakeFilter {
  return (prefix) => Filters.custom(`${prefix}filter.${name}`, members(prefix))
}

const byMask = (mask: number, filter?: Filter<Person>): MakeFilter =>
  made('MapEventFilter', () => ({ mask, filter }))
const byOrigin = made('CacheEventFilter', () => ({
  mask: EVERY_CHANGE,
  syntheticMask: NATURAL,
  filter: ADULT,
}))
const byChange = made('ValueChangeEventFilter', () => ({ extractor: AGE }))
const transformed = (filter?: MakeFilter): MakeFilter =>
  made('MapEventTransformerFilter', (prefix) => ({
    filter: filter?.(prefix),
    transformer: {
      '@class': 'util.transformer.ExtractorEventTransformer',
      extractorOld: AGE,
      extractorNew: AGE,
    },
  }))
const joined = (name: string, ...filters: MakeFilter[]): MakeFilter =>
  made(name, (prefix) => ({ filters: filters.map((filter) => filter(prefix)) }))

const ALL_EVENTS = [BORN_CHILD, ENTERED, WITHIN, LEFT, DIED_CHILD, BORN, DIED]
const EVENT_FILTERS: readonly (readonly [string, MakeFilter, object[]])[] = [
  ['MapEventFilter', byMask(EVERY_CHANGE), ALL_EVENTS],
  [
    'MapEventFilter with a filter of values',
    byMask(EVERY_CHANGE, ADULT),
    [ENTERED, WITHIN, LEFT, BORN, DIED],
  ],
  ['MapEventFilter of some kinds of change', byMask(INSERTED, ADULT), [BORN]],
  ['CacheEventFilter', byOrigin, [ENTERED, WITHIN, LEFT, BORN, DIED]],
  ['ValueChangeEventFilter', byChange, [ENTERED, WITHIN, LEFT]],
  [
    'MapEventTransformerFilter',
    transformed(byChange),
    [updated('ann', 10, 18), updated('ann', 18, 40), updated('ann', 40, 10)],
  ],
  [
    'MapEventTransformerFilter without a filter',
    transformed(),
    [
      inserted('ann', 10),
      updated('ann', 10, 18),
      updated('ann', 18, 40),
      updated('ann', 40, 10),
      deleted('ann', 10),
      inserted('bob', 40),
      deleted('bob', 40),
    ],
  ],
  ['AllFilter', joined('AllFilter', byMask(EVERY_CHANGE, ADULT), byChange), [ENTERED, WITHIN, LEFT]],
  ['AnyFilter', joined('AnyFilter', byMask(DELETED), byMask(INSERTED)), [BORN_CHILD, DIED_CHILD, BORN, DIED]],
  ['AndFilter', joined('AndFilter', byOrigin, byChange), [ENTERED, WITHIN, LEFT]],
  ['OrFilter', joined('OrFilter', byMask(DELETED), byMask(INSERTED)), [BORN_CHILD, DIED_CHILD, BORN, DIED]],
  ['XorFilter', joined('XorFilter', byMask(EVERY_CHANGE), byChange), [BORN_CHILD, DIED_CHILD, BORN, DIED]],
  [
    'NotFilter',
    made('NotFilter', (prefix) => ({ filter: byChange(prefix) })),
    [BORN_CHILD, DIED_CHILD, BORN, DIED],
  ],
]

function withoutValues(events: readonly object[]): object[] {
  return events.map((event) => ({ ...event, oldValue: undefined, newValue: undefined }))
}

describeMaps('a listener with a filter of events', (open) => {
  it.each(EVENT_FILTERS)('gets what a %s lets through', async (_name, filter, told) => {
    expect(await toldOf(open, { filter: filter('') })).toEqual(told)
  })

  // The two names stand for one class: the server takes filters of both for equal.
  it.each(EVENT_FILTERS)(
    'gets it beside others with an equal %s, lite or not',
    async (_name, filter, told) => {
      const map = await open<string, Person>()
      const notes = [new Notes(), new Notes(), new Notes(), new Notes()] as const
      const subscriptions = [
        await map.listen(notes[0].note, { filter: filter('') }),
        await map.listen(notes[1].note, { filter: filter(''), lite: true }),
        await map.listen(notes[2].note, { filter: filter('util.') }),
        await map.listen(notes[3].note),
      ]
      await life(map)
      const LITE = withoutValues(told)
      expect(notes.map((each) => each.take())).toEqual([told, LITE, told, ALL_EVENTS])
      await subscriptions[0]?.close()
      await life(map)
      expect(notes.map((each) => each.take())).toEqual([[], LITE, told, ALL_EVENTS])
      await subscriptions[2]?.close()
      await life(map)
      expect(notes.map((each) => each.take())).toEqual([[], LITE, [], ALL_EVENTS])
    },
  )

  it('gets expiry alone by the mask of synthetic events', async () => {
    const map = await open<string, Person>()
    const notes = new Notes()
    const filter = Filters.custom('filter.CacheEventFilter', { mask: EVERY_CHANGE, syntheticMask: 1 })
    await map.listen(notes.note, { filter })
    await map.set('ann', TEEN, { ttlSeconds: 0.1 })
    await map.set('bob', TEEN)
    await map.delete('bob')
    await eventually(async () => !(await map.has('ann')))
    expect(await notes.until(1)).toEqual([{ ...deleted('ann', TEEN), expired: true, synthetic: true }])
  })

  it.each(['pause', 'dropOldest'] as const)('works for a stream with overflow %s', async (overflow) => {
    const map = await open<string, Person>()
    const events = map.events({ filter: byMask(DELETED)(''), overflow })
    await events.ready
    await life(map)
    expect(await next(events[Symbol.asyncIterator](), 2)).toEqual([DIED_CHILD, DIED])
    await events.close()
  })

  it.each([
    ['MapEventFilter', byMask(EVERY_CHANGE, ADULT)],
    ['CacheEventFilter', byOrigin],
  ])('first gets the entries that the filter inside of a %s accepts', async (_name, filter) => {
    const map = await open<string, Person>([
      ['ann', CHILD],
      ['bob', GROWN],
    ])
    const notes = new Notes()
    await map.listen(notes.note, { filter: filter(''), priming: true })
    await map.set('ann', TEEN)
    expect(notes.all).toEqual([primed('bob', GROWN), ENTERED])
  })
})

function fail(): never {
  throw new Error('There is no such listener')
}
