// invoke: runs a processor on one entry, where the entry is kept.
import { CodecError, Extractors, Filters, Processors, ServerError } from 'coherence-ts'
import { ALL_KINDS, describeMaps, FALSY } from '../../support/maps'
import { describeReceiver } from '../../support/receivers'
import { wrongArgument } from '../../support/wrong-argument'

interface Person {
  readonly name: string
  readonly age: number
}

const ANN: Person = { name: 'Ann', age: 30 }

describeMaps('invoke', (open) => {
  it('gives the result of the processor, and keeps what it did', async () => {
    const map = await open([['ann', ANN]])
    expect(await map.invoke('ann', Processors.increment('age', 1))).toBe(31)
    expect(await map.get('ann')).toEqual({ name: 'Ann', age: 31 })
  })

  it('gives null where the processor has nothing to give', async () => {
    const map = await open<string, Person>()
    expect(await map.invoke('absent', Processors.extract<Person, 'age'>('age'))).toBeNull()
  })

  it.each(FALSY)('gives %j where that is the result', async (value) => {
    const map = await open<string, unknown>([['key', value]])
    expect(await map.invoke('key', Processors.extract(Extractors.identity()))).toBe(value)
  })

  it.each(ALL_KINDS)('gives %s where that is the result', async (_, value) => {
    const map = await open<string, unknown>([['key', value]])
    expect(await map.invoke('key', Processors.extract(Extractors.identity()))).toStrictEqual(value)
  })

  it.each(FALSY)('runs on the entry of the key %j alone', async (key) => {
    const map = await open(FALSY.map((falsy) => [falsy, { count: 0 }]))
    await map.invoke(key, Processors.increment('count', 1))
    const counted = (await map.entries().toArray()).filter(([, { count }]) => count === 1)
    expect(counted).toEqual([[key, { count: 1 }]])
  })

  it('takes a boolean key for a key', async () => {
    const map = await open<unknown, Person>([[true, ANN]])
    expect(await map.invoke(true, Processors.extract<Person, 'name'>('name'))).toBe('Ann')
  })

  it('finds an object key whatever the order of its members', async () => {
    const map = await open([[{ a: 1, b: 2 }, ANN]])
    expect(await map.invoke({ b: 2, a: 1 }, Processors.extract<Person, 'age'>('age'))).toBe(30)
  })

  it('counts as a write of its key: a hundred increments, none lost, in order', async () => {
    const map = await open([['ann', { age: 0 }]])
    const results = await Promise.all(
      Array.from({ length: 100 }, () => map.invoke('ann', Processors.increment('age', 1))),
    )
    expect(results).toEqual(Array.from({ length: 100 }, (_, index) => index + 1))
  })

  it('sees the write before it, and is seen by the read after it', async () => {
    const map = await open<string, Person>()
    const [, incremented, read] = await Promise.all([
      map.set('ann', ANN),
      map.invoke('ann', Processors.increment('age', 1)),
      map.get('ann'),
    ])
    expect([incremented, read]).toEqual([31, { name: 'Ann', age: 31 }])
  })

  it('gives nothing for a conditional put or remove that is not asked for the current value', async () => {
    const map = await open([['ann', ANN]])
    const never = Filters.never<Person>()
    expect(
      await map.invoke('ann', Processors.conditionalPut(never, ANN, { returnCurrent: false })),
    ).toBeNull()
    expect(await map.invoke('ann', Processors.conditionalRemove(never, { returnCurrent: false }))).toBeNull()
    expect(await map.invoke('ann', Processors.conditionalPut(never, ANN, { returnCurrent: true }))).toEqual(
      ANN,
    )
    expect(await map.invoke('ann', Processors.conditionalRemove(never, { returnCurrent: true }))).toEqual(ANN)
  })

  it('puts where there is no entry yet, and not where there is one', async () => {
    const map = await open<string, Person>()
    const put = Processors.conditionalPut(Filters.not(Filters.present<Person>()), ANN)
    await map.invoke('ann', put)
    expect(await map.get('ann')).toEqual(ANN)
    await map.set('ann', { ...ANN, age: 50 })
    await map.invoke('ann', put)
    expect(await map.get('ann')).toEqual({ name: 'Ann', age: 50 })
  })

  it('rejects with the operation and what the server says where the processor fails', async () => {
    const map = await open([['ann', ANN]])
    const failure = map.invoke('ann', Processors.custom('processor.NoSuchProcessor'))
    await expect(failure).rejects.toBeInstanceOf(ServerError)
    await expect(failure).rejects.toMatchObject({ operation: 'invoke', mapName: map.name })
    expect(await map.get('ann')).toEqual(ANN)
  })

  it.each([undefined, null, 'increment', {}, (): number => 1])(
    'refuses %p as the processor',
    async (wrong) => {
      const map = await open([['ann', ANN]])
      await expect(map.invoke('ann', wrong as never)).rejects.toEqual(
        wrongArgument('invoke: the processor is '),
      )
    },
  )

  it('refuses undefined as the key', async () => {
    const map = await open<unknown, Person>()
    await expect(map.invoke(undefined, Processors.increment('age', 1))).rejects.toBeInstanceOf(CodecError)
  })

  describeReceiver('invoke', (map, options) =>
    map.invoke('key', Processors.extract(Extractors.identity()), options),
  )
})
