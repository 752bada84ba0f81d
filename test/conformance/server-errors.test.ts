// What people read where the server fails a call: the cause first, and what can be done about it.
import { Aggregators, Comparators, Extractors, Filters, Processors, ServerError } from 'coherence-ts'
import { describeMaps, serverRelease, storesBytes } from '../support/maps'

interface Thing {
  readonly amount: unknown
}

const CAST = 'java.lang.ClassCastException'
const BINDING = 'com.oracle.coherence.io.json.genson.JsonBindingException'

/** Servers of 24.09 answer a filter that throws with nothing. */
const hidesThrowingFilters = serverRelease() === '24.09'

describeMaps('a failure on the server', (open) => {
  const mixed: [string, Thing][] = [
    ['text', { amount: 'much' }],
    ['number', { amount: 5 }],
  ]

  async function failureOf(call: Promise<unknown>): Promise<ServerError> {
    const error: unknown = await call.then(
      () => undefined,
      (reason: unknown) => reason,
    )
    if (!(error instanceof ServerError)) throw new Error('it did not fail on the server', { cause: error })
    return error
  }

  it('of an entry processor begins with its cause and names the call', async () => {
    const map = await open(mixed)
    const { message, operation, mapName } = await failureOf(
      map.invoke('number', Processors.update('a.b' as 'amount', 1)),
    )
    expect({ message, operation, mapName }).toEqual({
      message: `Target object is missing for the Updater: b (invoke on map '${map.name}' failed on the server)`,
      operation: 'invoke',
      mapName: map.name,
    })
  })

  it('of an entry processor has all that the server said in a field', async () => {
    const map = await open(mixed)
    const error = await failureOf(map.invoke('text', Processors.increment('amount' as never, 1)))
    expect(error.message).toMatch(
      /^class java\.lang\.String cannot be cast to class java\.lang\.Number \(invoke on map/,
    )
    expect(error.message).not.toContain('Member')
    expect(error.serverMessage).toMatch(
      /^\(Wrapped: Failed request execution .* on Member\(.*\)\) class java.lang.String/,
    )
    expect(error.javaClass).toBe(CAST)
  })

  const overMixedValues: [
    what: string,
    call: (things: Awaited<ReturnType<typeof open<string, Thing>>>) => unknown,
  ][] = [
    ['an aggregator', (things) => things.aggregate(Aggregators.max('amount'))],
    ['a processor', (things) => things.invokeAll(Processors.increment('amount' as never, 1))],
  ]
  if (!hidesThrowingFilters) {
    overMixedValues.push([
      'a filter',
      (things) => things.keys({ filter: Filters.greater('amount', 1) }).toArray(),
    ])
  }
  // Caches that hold bytes do not keep the order of a comparator.
  if (!storesBytes()) {
    overMixedValues.push([
      'a comparator',
      (things) => things.values({ comparator: Comparators.by('amount') }).toArray(),
    ])
  }

  it.each(overMixedValues)('of %s over values of different kinds says what to do', async (_, call) => {
    const error = await failureOf(Promise.resolve(call(await open(mixed))))
    expect(error.message).toMatch(/^class \S+ cannot be cast to class \S+ \(/)
    expect(error.message).toMatch(/keep values of one kind in a member$/)
    expect(error.javaClass).toBe(CAST)
  })

  const unknownClass = (name: string): [what: string, call: (typeof overMixedValues)[number][1]][] => [
    ['a filter', (things) => things.keys({ filter: Filters.custom(name) }).toArray()],
    ['a processor', (things) => things.invoke('text', Processors.custom(name))],
    ['a processor of many', (things) => things.invokeAll(Processors.custom(name))],
    ['an aggregator', (things) => things.aggregate(Aggregators.custom(name))],
  ]

  it.each(unknownClass('NoSuchClass'))(
    'of %s that the server has no alias for says what to do',
    async (_, call) => {
      const error = await failureOf(Promise.resolve(call(await open(mixed))))
      expect(error.message).toMatch(
        /the server does not know the class as an? (filter|entry processor|aggregator): check the name in its '@class'/,
      )
      expect(error.javaClass).toBe(CAST)
    },
  )

  it.each(unknownClass('com.acme.NoSuchClass'))(
    'of %s of an unknown class says what to do',
    async (_, call) => {
      const error = await failureOf(Promise.resolve(call(await open(mixed))))
      expect(error.message).toMatch(/the server knows no class by the name in an '@class' of the request/)
      expect(error.javaClass).toBe(BINDING)
    },
  )

  it('of a path that does not fit a value says what to do', async () => {
    const map = await open(mixed)
    const processor = Processors.extract(
      Extractors.custom<Thing>('extractor.UniversalExtractor', { name: 'nope()' }),
    )
    const error = await failureOf(map.invoke('text', processor))
    expect(error.message).toMatch(
      /^Missing or inaccessible method: .*: a value of that class has no such member/,
    )
    expect(error.javaClass).toBeUndefined()
  })

  if (!hidesThrowingFilters) {
    it('of a regular expression has a message of one line', async () => {
      const map = await open<string, { name: string }>([['a', { name: 'Ann' }]])
      const error = await failureOf(map.keys({ filter: Filters.regex('name', '[') }).toArray())
      expect(error.message).toBe(
        `Unclosed character class near index 0 [ ^ (keys on map '${map.name}' failed on the server)`,
      )
    })
  }
})
