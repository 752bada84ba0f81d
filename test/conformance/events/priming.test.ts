// Listeners that are first told of what is there, while it changes.
import { type EventFor, Filters, type ListenOptions, type NamedCache } from 'coherence-ts'
import { eventually } from '../../support/eventually'
import { describeMaps, openSession } from '../../support/maps'
import { deleted, inserted, next, Notes, primed, updated } from './noted'

const ENTRIES: readonly (readonly [string, number])[] = [
  ['a', 1],
  ['b', 2],
  ['c', 3],
]

describeMaps('a priming listener', (open) => {
  it('gets the entry of its key, as a marked update, before listen resolves', async () => {
    const map = await open(ENTRIES)
    const notes = new Notes()
    await map.listen(notes.note, { key: 'a', priming: true })
    expect(notes.all).toEqual([primed('a', 1)])
  })

  it('gets a marked update without a value where its key is absent, and then the insert', async () => {
    const map = await open<string, number>()
    const notes = new Notes()
    await map.listen(notes.note, { key: 'a', priming: true })
    await map.set('a', 1)
    await map.set('a', 2)
    await map.delete('a')
    expect(notes.all).toEqual([primed('a', undefined), inserted('a', 1), updated('a', 1, 2), deleted('a', 2)])
  })

  it.each([
    ['an object', { b: 1, a: [2] }],
    ['null', null],
    ['0', 0],
  ])('gets each event of a key that is %s once', async (_kind, key) => {
    const map = await open<unknown, number>([[key, 1]])
    const notes = new Notes()
    await map.listen(notes.note, { key, priming: true })
    await map.set(key, 2)
    await map.delete(key)
    await map.set(key, 3)
    expect(notes.all).toEqual([primed(key, 1), updated(key, 1, 2), deleted(key, 2), inserted(key, 3)])
  })

  it('gets a value that is null', async () => {
    const map = await open<string, number | null>([['a', null]])
    const notes = new Notes()
    await map.listen(notes.note, { priming: true })
    await map.set('a', 1)
    expect(notes.all).toEqual([primed('a', null), updated('a', null, 1)])
  })

  it('gets all entries', async () => {
    const map = await open(ENTRIES)
    const notes = new Notes()
    await map.listen(notes.note, { priming: true })
    expect(notes.all).toHaveLength(3)
    expect(notes.all).toEqual(expect.arrayContaining(ENTRIES.map(([key, value]) => primed(key, value))))
  })

  it('gets the entries that its filter accepts', async () => {
    const map = await open<string, { n: number }>([
      ['a', { n: 1 }],
      ['b', { n: 2 }],
    ])
    const notes = new Notes()
    await map.listen(notes.note, { filter: Filters.greater('n', 1), priming: true })
    expect(notes.all).toEqual([primed('b', { n: 2 })])
  })

  it('takes no values away from others that listen to the same', async () => {
    const map = await open(ENTRIES)
    const plainNotes = new Notes()
    const primedNotes = new Notes()
    await map.listen(plainNotes.note, { key: 'a' })
    await map.listen(primedNotes.note, { key: 'a', priming: true })
    await map.set('a', 2)
    expect(plainNotes.all).toEqual([updated('a', 1, 2)])
    expect(primedNotes.all).toEqual([primed('a', 1), updated('a', 1, 2)])
  })

  it('gets no values where it is lite', async () => {
    const map = await open(ENTRIES)
    const notes = new Notes()
    await map.listen(notes.note, { key: 'a', priming: true, lite: true })
    await map.set('a', 2)
    await map.delete('a')
    expect(notes.all).toEqual([
      primed('a', undefined),
      updated('a', undefined, undefined),
      deleted('a', undefined),
    ])
  })

  it('gets the entries at its own pace where it is asynchronous', async () => {
    const map = await open(Array.from({ length: 500 }, (_, key) => [key, key] as const))
    let running = 0
    let most = 0
    let told = 0
    await map.listen(
      async () => {
        most = Math.max(most, ++running)
        await Promise.resolve()
        running -= 1
        told += 1
      },
      { priming: true },
    )
    await Promise.resolve()
    await Promise.resolve()
    expect([told, most]).toEqual([500, 1])
  })

  it('gets the entries from a stream, before the events', async () => {
    const map = await open([['a', 1]])
    await using events = map.events({ priming: true })
    const iterator = events[Symbol.asyncIterator]()
    const before = await next(iterator, 1)
    await map.set('a', 2)
    expect([...before, ...(await next(iterator, 1))]).toEqual([primed('a', 1), updated('a', 1, 2)])
  })

  const TARGETS: readonly (readonly [string, ListenOptions<number, number>])[] = [
    ['all entries', {}],
    ['a filter', { filter: Filters.present() }],
    ['a key', { key: 1 }],
  ]
  describe.each(TARGETS)('to %s, while writers change it', (_what, target) => {
    const KEYS = 200

    it('ends with what is there, with each change in its place', async () => {
      const map = await open(Array.from({ length: KEYS }, (_, key) => [key, 0] as const))
      const other = await openSession()
      const its = await other.getCache<number, number>(map.name)
      const writers = new Writers([map, its], 'key' in target ? 2 : KEYS)
      for (let round = 0; round < 10; round++) {
        const picture = new Picture()
        const subscription = await map.listen(picture, { ...target, priming: true })
        await writers.rest()
        const last = await picture.until(await map.entries().toMap(), target.key)
        expect([picture.complaints, last]).toEqual([[], true])
        await subscription.close()
        writers.goOn()
      }
      await writers.stop()
      await other.close()
    })
  })
})

/** Writers that never stop, each to keys of its own. */
class Writers {
  #isOn = true
  #resting: Promise<unknown> = Promise.resolve()
  readonly #maps: readonly NamedCache<number, number>[]
  readonly #keys: number
  #value = 1

  constructor(maps: readonly NamedCache<number, number>[], keys: number) {
    this.#maps = maps
    this.#keys = keys
    this.goOn()
  }

  goOn(): void {
    this.#isOn = true
    this.#resting = Promise.all(this.#maps.map((map, index) => this.#write(map, index)))
  }

  /** All writes are answered. */
  async rest(): Promise<void> {
    this.#isOn = false
    await this.#resting
  }

  stop(): Promise<void> {
    return this.rest()
  }

  async #write(map: NamedCache<number, number>, index: number): Promise<void> {
    while (this.#isOn) {
      const key = this.#maps.length * (this.#value % Math.ceil(this.#keys / this.#maps.length)) + index
      const value = ++this.#value
      if (value % 7 === 0) await map.delete(key)
      else await map.set(key, value)
    }
  }
}

/** What a listener takes the map to hold, and where that does not fit together. */
class Picture {
  readonly entries = new Map<number, number>()
  readonly complaints: string[] = []

  readonly onAny = (event: EventFor<number, number>): void => {
    const { type, key, oldValue, newValue, priming } = event
    const held = this.entries.get(key)
    if (!priming && this.entries.has(key) && held !== oldValue) {
      this.complaints.push(`${type} of ${key} from ${oldValue}, which was ${held}`)
    }
    if (newValue === undefined) this.entries.delete(key)
    else this.entries.set(key, newValue)
  }

  /** Whether it comes to be the same as `actual`, of `key` alone where there is one. */
  async until(actual: ReadonlyMap<number, number>, key: number | undefined): Promise<boolean> {
    const wanted = new Map([...actual].filter(([each]) => key === undefined || each === key))
    const isEqual = (): boolean =>
      wanted.size === this.entries.size &&
      [...wanted].every(([each, value]) => this.entries.get(each) === value)
    await eventually(isEqual).catch(() => undefined)
    return isEqual()
  }
}
