// What cannot be stored is refused before anything is sent: it changes no entry, and the session goes on working.
import { CodecError, InvalidOptionsError, ServerError, Session } from 'coherence-ts'
import { describeMaps, storesBytes } from '../../support/maps'
import { wrongArgument } from '../../support/wrong-argument'

function cycle(): object {
  const self: Record<string, unknown> = { name: 'self' }
  self['self'] = self
  return self
}

function deep(levels: number): unknown {
  let value: unknown = 1
  for (let level = 0; level < levels; level++) value = { next: value }
  return value
}

/** What JavaScript clients drop, change or choke on without a word. */
const UNSTORABLE: readonly (readonly [what: string, value: unknown])[] = [
  ['a cycle', cycle()],
  ['a function', (): number => 1],
  ['a symbol', Symbol('s')],
  ['undefined', undefined],
  ['NaN', NaN],
  ['Infinity', Infinity],
  ['a Date', new Date(0)],
  ['a Map', new Map([['a', 1]])],
  ['a Set', new Set([1])],
  ['a RegExp', /a/],
  ['an Error', new Error('e')],
  ['a Promise', Promise.resolve(1)],
  ['a Buffer', Buffer.from('abc')],
  ['a Uint8Array', new Uint8Array([1, 2])],
  ['NaN in an object', { price: NaN }],
  ['a function in an object', { f: (): number => 1 }],
  ['undefined in an array', [1, undefined]],
  ['a Date in an object', { at: new Date(0) }],
  ['a member @type at the start of an object', { '@type': 'person', name: 'Ann' }],
  ['a member @type in an inner object', { inner: { '@type': 'person' } }],
  ['an object of 2,000 levels', deep(2_000)],
  ['half a surrogate pair', '\ud800'],
]

describeMaps('a value that cannot be stored', (open) => {
  it.each(UNSTORABLE)('is refused by every method that stores: %s', async (_, value) => {
    const map = await open<string, unknown>([['key', 'old']])
    const refusals = [
      map.set('key', value),
      map.setAll([['key', value]]),
      map.setIfAbsent('new', value),
      map.replace('key', value),
      map.replaceMapping('key', 'old', value),
    ]
    for (const refusal of refusals) {
      await expect(refusal).rejects.toBeInstanceOf(CodecError)
      await expect(refusal).rejects.toMatchObject({
        outcome: 'not-sent',
        path: expect.stringMatching(/^value/) as unknown,
      })
    }
    expect(await map.entries().toArray()).toEqual([['key', 'old']])
  })

  it.each(UNSTORABLE)('is refused by every method that looks for it: %s', async (_, value) => {
    const map = await open<string, unknown>([['key', 'old']])
    const refusals = [
      map.hasValue(value),
      map.hasEntry('key', value),
      map.removeMapping('key', value),
      map.replaceMapping('key', value, 'new'),
    ]
    for (const refusal of refusals) await expect(refusal).rejects.toBeInstanceOf(CodecError)
    expect(await map.get('key')).toBe('old')
  })

  // The members of a key are put in order, which moves names with an at sign to the end, where they are kept.
  const keys = UNSTORABLE.filter(([what]) => what !== 'a member @type at the start of an object')
  it.each(keys)('is refused as a key: %s', async (_, key) => {
    const map = await open<unknown, number>()
    const refusals = [
      map.get(key),
      map.getAll([key]),
      map.set(key, 1),
      map.setAll([[key, 1]]),
      map.delete(key),
      map.has(key),
    ]
    for (const refusal of refusals) {
      await expect(refusal).rejects.toBeInstanceOf(CodecError)
      await expect(refusal).rejects.toMatchObject({ path: expect.stringMatching(/^key/) as unknown })
    }
    expect(await map.isEmpty()).toBe(true)
  })

  it('says where in the value the trouble is', async () => {
    const map = await open<string, unknown>()
    const order = { items: [{ price: 1 }, { price: NaN }] }
    await expect(map.set('order', order)).rejects.toMatchObject({ path: 'value.items[1].price' })
  })

  it('does no harm as the first call of a session, nor to calls at the same time', async () => {
    const map = await open<string, unknown>()
    const results = await Promise.allSettled([map.set('bad', cycle()), map.set('good', 1)])
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'fulfilled'])
    expect(await map.entries().toArray()).toEqual([['good', 1]])
  })

  it('may have a getter that throws: the error names the cause', async () => {
    const map = await open<string, unknown>()
    const failure = new Error('no such file')
    const value = {
      get lazy(): never {
        throw failure
      },
    }
    await expect(map.set('key', value)).rejects.toMatchObject({ code: 'ERR_COHERENCE_CODEC', cause: failure })
  })
})

describeMaps('a value that looks unusual', (open) => {
  it('is stored where it is -0, which comes back as 0 where it is a key', async () => {
    const map = await open<number, number>()
    await map.set(-0, -0)
    expect(await map.entries().toArray()).toEqual([[0, -0]])
    expect(await map.has(0)).toBe(true)
  })

  it('is stored without the members that are undefined', async () => {
    const map = await open<string, unknown>()
    await map.set('key', { a: 1, b: undefined })
    expect(await map.get('key')).toStrictEqual({ a: 1 })
  })

  it('loses members that are null where the server keeps Java objects, and not where it keeps bytes', async () => {
    const map = await open<string, unknown>()
    await map.set('key', { a: 1, b: null, list: [null] })
    const expected = storesBytes() ? { a: 1, b: null, list: [null] } : { a: 1, list: [null] }
    expect(await map.get('key')).toStrictEqual(expected)
  })

  it('is one key whatever the order of its members, null ones left out', async () => {
    const map = await open<object, string>([[{ a: 1, b: 2 }, 'found']])
    expect(await map.get({ b: 2, a: 1 })).toBe('found')
    expect(await map.get({ b: 2, n: null, a: 1 })).toBe('found')
  })

  const strange = { '@class': 'com.acme.Unknown', a: 1 }

  it('is refused by the server where its class is unknown, unless that keeps bytes', async () => {
    const map = await open<string, unknown>()
    const failures = await Promise.allSettled([map.set('key', strange), map.hasValue(strange)])
    if (storesBytes()) {
      expect(await map.get('key')).toEqual(strange)
      return
    }
    expect(
      failures.map((result) => (result.status === 'rejected' ? (result.reason as unknown) : result.value)),
    ).toEqual([expect.any(ServerError), expect.any(ServerError)])
    expect(await map.isEmpty()).toBe(true)
  })

  it('is refused as a key by the server where its class is unknown, in every call', async () => {
    const map = await open<unknown, unknown>()
    const refused = (call: Promise<unknown>): Promise<unknown> =>
      call.then(
        () => 'not refused',
        (error: unknown) => error instanceof ServerError && [error.operation, error.mapName === map.name],
      )
    expect(
      await Promise.all([
        refused(map.set(strange, 1)),
        refused(map.get(strange)),
        refused(map.getAll([strange])),
        refused(map.has(strange)),
        refused(map.delete(strange)),
      ]),
    ).toEqual(['set', 'get', 'getAll', 'has', 'delete'].map((operation) => [operation, true]))
  })

  it('has up to 200 levels', async () => {
    const map = await open<string, unknown>()
    const value = deep(200)
    await map.set('key', value)
    expect(await map.get('key')).toEqual(value)
  })
})

describeMaps('a listener that is no function', (open, session) => {
  it.each([null, undefined, {}, 'listener'])('is refused at once: %j', async (wrong) => {
    const map = await open()
    const refusal = wrongArgument("The listener to 'truncated' is ")
    expect(() => map.on('truncated', wrong as never)).toThrow(refusal)
    expect(() => session().on('truncated', wrong as never)).toThrow(refusal)
  })

  it('is refused at once where there is no such event', async () => {
    const map = await open()
    expect(() => map.on('trunctated' as never, () => undefined)).toThrow(
      wrongArgument("There is no event 'trunctated'; "),
    )
  })

  it('may throw: the map and its other listeners go on', async () => {
    const map = await open([['a', 1]])
    const failure = new Error('in a listener')
    const reported = new Promise((resolve) => session().on('error', resolve))
    map.on('truncated', () => {
      throw failure
    })
    const told = new Promise((resolve) => map.on('truncated', resolve))
    await map.truncate()
    expect(await told).toEqual({ type: 'truncated', mapName: map.name })
    expect(await reported).toBe(failure)
    expect(await map.isEmpty()).toBe(true)
  })
})

describe('options of a session that are wrong', () => {
  it.each([
    ['a misspelt name', { adress: 'localhost:1408' }],
    ['a string', 'localhost:1408'],
    ['a number', 1408],
    ['null', null],
    ['a timeout that is a string', { requestTimeoutSeconds: '2' }],
    ['a timeout that is NaN', { requestTimeoutSeconds: NaN }],
    ['a negative timeout', { requestTimeoutSeconds: -1 }],
    ['channel options that are a number', { channelOptions: 5 }],
    ['a port beyond 65535', { address: 'localhost:99999' }],
    ['an address with a scheme of the web', { address: 'http://localhost:1408' }],
    ['an empty address', { address: '' }],
  ])('are refused before anything is sent: %s', async (_, options) => {
    await expect(Session.create(options as never)).rejects.toBeInstanceOf(InvalidOptionsError)
  })
})
