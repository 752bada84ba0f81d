// invokeAll: runs a processor on many entries, by keys, by filter or on all.
import { CodecError, Extractors, Filters, Processors, ServerError } from 'coherence-ts'
import { describeMaps, FALSY } from '../../support/maps'
import { describeReceiver } from '../../support/receivers'
import { wrongArgument } from '../../support/wrong-argument'

interface Person {
  readonly name: string
  readonly age: number
}

const PEOPLE: [string, Person][] = [
  ['ann', { name: 'Ann', age: 30 }],
  ['bob', { name: 'Bob', age: 40 }],
  ['eve', { name: 'Eve', age: 50 }],
]
const birthday = Processors.increment<Person, 'age'>('age', 1)

describeMaps('invokeAll', (open) => {
  const ages = async (map: { values(): { toArray(): Promise<Person[]> } }): Promise<number[]> =>
    (await map.values().toArray()).map(({ age }) => age).sort()

  it('runs on all entries and gives the results by key', async () => {
    const map = await open(PEOPLE)
    expect(await map.invokeAll(birthday)).toEqual(
      new Map([
        ['ann', 31],
        ['bob', 41],
        ['eve', 51],
      ]),
    )
    expect(await ages(map)).toEqual([31, 41, 51])
  })

  it('runs on the entries of the keys, and gives the results in the order of the keys', async () => {
    const map = await open(PEOPLE)
    expect([...(await map.invokeAll(birthday, { keys: ['eve', 'ann'] }))]).toEqual([
      ['eve', 51],
      ['ann', 31],
    ])
    expect(await ages(map)).toEqual([31, 40, 51])
  })

  it('runs on the entries that the filter accepts', async () => {
    const map = await open(PEOPLE)
    const results = await map.invokeAll(birthday, { filter: Filters.greater('age', 30) })
    expect(results).toEqual(
      new Map([
        ['bob', 41],
        ['eve', 51],
      ]),
    )
  })

  it('runs on nothing where the filter accepts nothing', async () => {
    const map = await open(PEOPLE)
    expect(await map.invokeAll(birthday, { filter: Filters.never() })).toEqual(new Map())
    expect(await ages(map)).toEqual([30, 40, 50])
  })

  it('runs on nothing for no keys, and not on all', async () => {
    const map = await open(PEOPLE)
    expect(await map.invokeAll(birthday, { keys: [] })).toEqual(new Map())
    expect(await ages(map)).toEqual([30, 40, 50])
  })

  it('runs once for a key, however often it is passed', async () => {
    const map = await open(PEOPLE)
    expect(await map.invokeAll(birthday, { keys: ['ann', 'ann'] })).toEqual(new Map([['ann', 31]]))
  })

  it('runs on keys that are absent as well', async () => {
    const map = await open<string, Person>()
    const put = Processors.conditionalPut(Filters.not(Filters.present<Person>()), { name: 'new', age: 0 })
    await map.invokeAll(put, { keys: ['a', 'b'] })
    expect((await map.keys().toArray()).sort()).toEqual(['a', 'b'])
  })

  it('gives the results of keys that count as false', async () => {
    const map = await open(FALSY.map((falsy) => [falsy, falsy]))
    const identity = Processors.extract(Extractors.identity<number | string | boolean | null>())
    const expected = new Map(FALSY.map((falsy) => [falsy, falsy]))
    expect(await map.invokeAll(identity, { keys: FALSY })).toEqual(expected)
    expect(await map.invokeAll(identity)).toEqual(expected)
  })

  it('takes a boolean key for a key', async () => {
    const map = await open<unknown, Person>([
      [true, { name: 'Ann', age: 30 }],
      [false, { name: 'Bob', age: 40 }],
    ])
    expect(await map.invokeAll(birthday, { keys: [false] })).toEqual(new Map([[false, 41]]))
  })

  it('gives the results of object keys under the objects that were passed', async () => {
    const map = await open([
      [
        { first: 'Ann', last: 'Lee' },
        { name: 'Ann', age: 30 },
      ],
    ])
    const key = { last: 'Lee', first: 'Ann' }
    const results = await map.invokeAll(birthday, { keys: [key] })
    expect([results.get(key), results.size]).toEqual([31, 1])
  })

  it('gives nothing with discardResults, and does the same', async () => {
    const map = await open(PEOPLE)
    expect(await map.invokeAll(birthday, { discardResults: true })).toBeUndefined()
    expect(await map.invokeAll(birthday, { keys: ['ann'], discardResults: true })).toBeUndefined()
    expect(await ages(map)).toEqual([32, 41, 51])
  })

  it('keeps its place among the writes of its keys, awaited or not', async () => {
    const map = await open(PEOPLE)
    const results = await Promise.all([
      map.set('ann', { name: 'Ann', age: 60 }),
      map.invokeAll(birthday, { keys: ['ann', 'bob'] }),
      map.set('bob', { name: 'Bob', age: 70 }),
    ])
    expect(results).toEqual([
      { name: 'Ann', age: 30 },
      new Map([
        ['ann', 61],
        ['bob', 41],
      ]),
      { name: 'Bob', age: 41 },
    ])
  })

  it('takes more keys than one request can carry', async () => {
    const keys = Array.from({ length: 5 }, (_, index) => `${index}`.repeat(1024 * 1024))
    const map = await open<string, Person>()
    for (const key of keys) await map.set(key, { name: 'long', age: 1 })
    const results = await map.invokeAll(birthday, { keys })
    expect([...results.values()]).toEqual([2, 2, 2, 2, 2])
  })

  it('rejects where the processor fails', async () => {
    const map = await open(PEOPLE)
    const failure = map.invokeAll(Processors.custom('processor.NoSuchProcessor'))
    await expect(failure).rejects.toBeInstanceOf(ServerError)
    await expect(failure).rejects.toMatchObject({ operation: 'invokeAll' })
  })

  it.each([
    ['no processor', undefined, {}, 'the processor is undefined; '],
    ['a processor that is none', { age: 1 }, {}, 'the processor is an object; '],
    [
      'keys and a filter',
      birthday,
      { keys: ['ann'], filter: Filters.always() },
      'keys and filter exclude each other; ',
    ],
    ['keys that are a string', birthday, { keys: 'ann' }, "the keys are 'ann'; "],
    ['keys that are null', birthday, { keys: null }, 'the keys are null; '],
    ['a filter that is none', birthday, { filter: { age: 30 } }, 'filter is an object; '],
    ['a filter that is null', birthday, { filter: null }, 'filter is null; '],
    [
      'discardResults and stream',
      birthday,
      { discardResults: true, stream: true },
      'discardResults and stream exclude each other; ',
    ],
    ['a discardResults that is no boolean', birthday, { discardResults: 'yes' }, "discardResults is 'yes'; "],
    ['keys in place of the options', birthday, ['ann'], 'the options are an array; '],
  ])('refuses %s, and runs nothing', async (_, processor, options, reason) => {
    const map = await open(PEOPLE)
    const invoke = async (): Promise<unknown> => map.invokeAll(processor as never, options as never)
    await expect(invoke()).rejects.toEqual(wrongArgument(`invokeAll: ${reason}`))
    expect(await ages(map)).toEqual([30, 40, 50])
  })

  it('refuses a key that cannot be encoded, and runs nothing', async () => {
    const map = await open<unknown, Person>(PEOPLE)
    await expect(map.invokeAll(birthday, { keys: ['ann', undefined] })).rejects.toBeInstanceOf(CodecError)
    expect((await map.get('ann'))?.age).toBe(30)
  })

  const identity = Processors.extract(Extractors.identity())
  describeReceiver('invokeAll', (map, options) => map.invokeAll(identity, options))
})

describeMaps('invokeAll with stream', (open) => {
  it('gives each result as it comes', async () => {
    const map = await open(PEOPLE)
    const results = await map.invokeAll(birthday, { stream: true }).toMap()
    expect(results).toEqual(
      new Map([
        ['ann', 31],
        ['bob', 41],
        ['eve', 51],
      ]),
    )
  })

  it('is sent at once, also where its results are not read', async () => {
    const map = await open(PEOPLE)
    const results = map.invokeAll(birthday, { keys: ['ann'], stream: true })
    expect(await map.get('ann')).toEqual({ name: 'Ann', age: 31 })
    expect(await results.toArray()).toEqual([['ann', 31]])
  })

  it('can be consumed once', async () => {
    const map = await open(PEOPLE)
    const results = map.invokeAll(birthday, { stream: true })
    await results.toArray()
    await expect(results.toArray()).rejects.toEqual(
      wrongArgument('The results of an invocation can be consumed once; '),
    )
    expect((await map.get('ann'))?.age).toBe(31)
  })

  it('lets its consumer write to the keys that were passed', async () => {
    const map = await open(PEOPLE)
    const keys = PEOPLE.map(([key]) => key)
    for await (const [key] of map.invokeAll(birthday, { keys, stream: true })) {
      for (const each of keys) await map.set(each, { name: key, age: 0 }, { timeoutSeconds: 5 })
    }
    const last = await map.get('ann')
    expect(await map.values().toArray()).toEqual([last, last, last])
  })

  it('can be left early', async () => {
    const map = await open(Array.from({ length: 1_000 }, (_, index) => [index, { name: 'x', age: 1 }]))
    for await (const [, age] of map.invokeAll(birthday, { stream: true })) {
      expect(age).toBe(2)
      break
    }
    expect(await map.size()).toBe(1_000)
  })

  it('does not hold up later writes where its results are not read', async () => {
    const map = await open(PEOPLE)
    const results = map.invokeAll(birthday, { keys: ['ann'], stream: true })
    await map.set('ann', { name: 'Ann', age: 1 }, { timeoutSeconds: 5 })
    expect(await results.toArray()).toEqual([['ann', 31]])
    expect((await map.get('ann'))?.age).toBe(1)
  })

  it('rejects its consumer alone where the processor fails', async () => {
    const map = await open(PEOPLE)
    const results = map.invokeAll(Processors.custom('processor.NoSuchProcessor'), { stream: true })
    await expect(results.toArray()).rejects.toBeInstanceOf(ServerError)
    expect(await map.size()).toBe(3)
  })

  it('throws a TypeError at once for wrong options', async () => {
    const map = await open(PEOPLE)
    expect(() => map.invokeAll(birthday, { stream: true, limit: 5 } as never)).toThrow(
      wrongArgument("invokeAll: there is no option 'limit'"),
    )
  })

  const identity = Processors.extract(Extractors.identity())
  describeReceiver('invokeAll', (map, options) =>
    isOptions(options)
      ? map.invokeAll(identity, { ...options, stream: true }).toArray()
      : map.invokeAll(identity, options),
  )
})

function isOptions(options: unknown): options is object | undefined {
  if (options === undefined) return true
  return typeof options === 'object' && options !== null && !Array.isArray(options)
}
