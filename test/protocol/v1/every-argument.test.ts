// Every method of maps and sessions, each of its parameters and options, and a wrong value of every kind for it: nothing is
// sent, and the error says which it is.
import {
  Aggregators,
  Filters,
  type NamedCache,
  NamedMap,
  Processors,
  Session,
  type SessionOptions,
} from 'coherence-ts'
import { FakeProxy } from '../../support/fake-proxy'
import {
  EMPTY_OPTIONS,
  FLAGS,
  FUNCTIONS,
  ITERABLES,
  methodsOf,
  NAMES,
  outcomeOf,
  STORABLE,
  type Taken,
  VALUES,
  wrongOutcomes,
} from '../../support/wrong-values'

/** A map or a session whose methods take whatever is passed. */
type Loose = Record<string, (...args: unknown[]) => unknown>

interface Parameter {
  readonly right: unknown
  readonly taken: (method: string) => Taken
}

function parameter(right: unknown, takes: Taken['takes'], refusal: (method: string) => string): Parameter {
  return { right, taken: (method) => ({ takes, refusal: new RegExp(`^${refusal(method)}`) }) }
}

const KEY = parameter('k', STORABLE, () => 'Cannot encode key')
const VALUE = parameter(1, STORABLE, () => 'Cannot encode value')
const KEYS = parameter(['k'], ITERABLES, (method) => `${method}: the keys are `)
const ENTRIES = parameter(
  [['k', 1]],
  ['an empty array', 'a Map'],
  (method) => `${method}: (the entries are|an entry is) `,
)
const VISIT = parameter(
  () => undefined,
  FUNCTIONS,
  (method) => `${method}: the first argument is `,
)
const PROCESSOR = parameter(
  Processors.conditionalPut(Filters.never(), 1),
  ['a processor'],
  (method) => `${method}: the processor is `,
)
const AGGREGATOR = parameter(
  Aggregators.count(),
  ['an aggregator'],
  (method) => `${method}: the aggregator is `,
)
const SOURCE = parameter('name', ['a text', 'an extractor'], (method) => `${method} got `)
const LISTENER = parameter(
  () => undefined,
  FUNCTIONS,
  (method) => `${method}: the listener (is|has none of) `,
)
const EVENT = parameter('truncated', [], () => 'There is no event ')
const EVENT_LISTENER = parameter(
  () => undefined,
  FUNCTIONS,
  () => "The listener to 'truncated' is ",
)
const NAME = parameter('other', ['a text'], () => 'The name of a map is ')

function option(right: unknown, takes: Taken['takes'], refusal: (method: string) => string): Parameter {
  return parameter(right, ['undefined', ...takes], refusal)
}

const named =
  (name: string) =>
  (method: string): string =>
    `${method}: ${name} is `
const flag = (name: string): Parameter => option(true, FLAGS, named(name))

const CALL_OPTIONS = {
  signal: option(new AbortController().signal, ['a signal'], named('signal')),
  timeoutSeconds: option(5, ['the number 5', 'a fraction', 'Infinity'], named('timeoutSeconds')),
}
const WRITE_OPTIONS = { ...CALL_OPTIONS, onAborted: option(() => undefined, FUNCTIONS, named('onAborted')) }
const TTL = ['the number 5', 'a fraction', 'Infinity'] as const
const TTL_OPTIONS = { ...WRITE_OPTIONS, ttlSeconds: option(5, TTL, named('ttlSeconds')) }
const FILTER = option(Filters.always(), ['a filter'], named('filter'))
const COMPARATOR = option(undefined, ['a comparator', 'an extractor'], named('comparator'))
const QUERY_OPTIONS = {
  ...CALL_OPTIONS,
  filter: FILTER,
  comparator: COMPARATOR,
  limit: option(5, ['the number 0', 'the number 5', 'Infinity'], named('limit')),
}
const TARGET_OPTIONS = {
  ...CALL_OPTIONS,
  keys: option(['k'], ITERABLES, (method) => `${method}: the keys are `),
  filter: FILTER,
}
const LISTEN_OPTIONS = {
  ...CALL_OPTIONS,
  key: option('k', STORABLE, () => 'Cannot encode key'),
  filter: FILTER,
  kinds: option(['insert'], [], (method) => `${method}: (kinds is|there is no kind) `),
  lite: flag('lite'),
  synchronous: flag('synchronous'),
  priming: flag('priming'),
  resync: flag('resync'),
}

interface Method {
  readonly parameters: readonly Parameter[]
  /** Those of the object after the parameters; left out, there is none. */
  readonly options?: Readonly<Record<string, Parameter>>
}

/** The default of `getOrDefault` may be any value. */
const ANYTHING = parameter(undefined, NAMES, () => 'never')

const MAP_METHODS: Readonly<Record<string, Method>> = {
  get: { parameters: [KEY], options: CALL_OPTIONS },
  getAll: { parameters: [KEYS], options: CALL_OPTIONS },
  getOrDefault: { parameters: [KEY, ANYTHING], options: CALL_OPTIONS },
  has: { parameters: [KEY], options: CALL_OPTIONS },
  hasEntry: { parameters: [KEY, VALUE], options: CALL_OPTIONS },
  hasValue: { parameters: [VALUE], options: CALL_OPTIONS },
  set: { parameters: [KEY, VALUE], options: TTL_OPTIONS },
  setAll: {
    parameters: [ENTRIES],
    // A class is a function, and fails when it is called.
    options: {
      ...TTL_OPTIONS,
      onProgress: option(
        () => undefined,
        ['a function'],
        (method) => `(${method}: onProgress is|Class constructor) `,
      ),
    },
  },
  setIfAbsent: { parameters: [KEY, VALUE], options: TTL_OPTIONS },
  replace: { parameters: [KEY, VALUE], options: WRITE_OPTIONS },
  replaceMapping: { parameters: [KEY, VALUE, VALUE], options: WRITE_OPTIONS },
  delete: { parameters: [KEY], options: WRITE_OPTIONS },
  removeMapping: { parameters: [KEY, VALUE], options: WRITE_OPTIONS },
  keys: { parameters: [], options: QUERY_OPTIONS },
  values: { parameters: [], options: QUERY_OPTIONS },
  entries: { parameters: [], options: QUERY_OPTIONS },
  forEach: { parameters: [VISIT], options: QUERY_OPTIONS },
  invoke: { parameters: [KEY, PROCESSOR], options: WRITE_OPTIONS },
  invokeAll: {
    parameters: [PROCESSOR],
    options: {
      ...TARGET_OPTIONS,
      onAborted: WRITE_OPTIONS.onAborted,
      discardResults: flag('discardResults'),
      stream: flag('stream'),
    },
  },
  aggregate: { parameters: [AGGREGATOR], options: TARGET_OPTIONS },
  addIndex: {
    parameters: [SOURCE],
    options: { ...WRITE_OPTIONS, ordered: flag('ordered'), comparator: COMPARATOR },
  },
  removeIndex: { parameters: [SOURCE], options: WRITE_OPTIONS },
  isEmpty: { parameters: [], options: CALL_OPTIONS },
  isReady: { parameters: [], options: CALL_OPTIONS },
  size: { parameters: [], options: CALL_OPTIONS },
  clear: { parameters: [], options: WRITE_OPTIONS },
  truncate: { parameters: [], options: WRITE_OPTIONS },
  destroy: { parameters: [], options: WRITE_OPTIONS },
  release: { parameters: [] },
  listen: { parameters: [LISTENER], options: LISTEN_OPTIONS },
  events: {
    parameters: [],
    options: {
      ...LISTEN_OPTIONS,
      overflow: option('error', [], named('overflow')),
      maxBufferedEvents: option(5, ['the number 5'], named('maxBufferedEvents')),
    },
  },
  on: { parameters: [EVENT, EVENT_LISTENER] },
  once: { parameters: [EVENT, EVENT_LISTENER] },
  off: { parameters: [EVENT, EVENT_LISTENER] },
}

const SESSION_METHODS: Readonly<Record<string, Method>> = {
  getMap: { parameters: [NAME], options: CALL_OPTIONS },
  getCache: {
    parameters: [NAME],
    options: { ...CALL_OPTIONS, defaultTtlSeconds: option(undefined, TTL, named('defaultTtlSeconds')) },
  },
  ping: { parameters: [], options: CALL_OPTIONS },
  close: {
    parameters: [],
    options: {
      timeoutSeconds: option(
        5,
        ['the number 0', 'the number 5', 'a fraction', 'Infinity'],
        named('timeoutSeconds'),
      ),
    },
  },
  stats: { parameters: [] },
  on: { parameters: [EVENT, EVENT_LISTENER] },
  once: { parameters: [EVENT, EVENT_LISTENER] },
  off: { parameters: [EVENT, EVENT_LISTENER] },
}

function withArguments(methods: Readonly<Record<string, Method>>): [name: string, method: Method][] {
  return Object.entries(methods).filter(
    ([, { parameters, options }]) => parameters.length > 0 || options !== undefined,
  )
}

const RIGHT_OPTIONS = ['undefined', ...EMPTY_OPTIONS] as const
const OPTIONS = (method: string): Taken => ({
  takes: RIGHT_OPTIONS,
  refusal: new RegExp(`^${method}: (the options are|there is no option) `),
})

/** What methods give, or resolve to. */
interface Given {
  toArray?(): Promise<unknown>
  readonly ready?: Promise<void>
  readonly isActive?: boolean
  close?(): Promise<void>
  release?(): Promise<void>
}

/** Waits for what a method gives, and ends what goes on. */
async function finished(given: unknown): Promise<void> {
  const result: unknown = await given
  if (typeof result !== 'object' || result === null) return
  const { ready, isActive } = result as Given
  await (result as Given).toArray?.()
  await ready
  if (ready === undefined && isActive === undefined) return
  await (result as Given).close?.()
  await (result as Given).release?.()
}

describe('a wrong argument of', () => {
  let proxy: FakeProxy
  let session: Session

  beforeAll(async () => {
    proxy = await FakeProxy.start()
    session = await Session.create({ address: proxy.address })
  })
  afterAll(async () => {
    await session.close()
    await proxy[Symbol.asyncDispose]()
  })

  /** What a call on this map or session gives; an error after which something was sent is no refusal. */
  async function outcomeOn(owner: Loose, method: string, args: readonly unknown[]): Promise<unknown> {
    const sent = proxy.requests.length
    const outcome = await outcomeOf(() => finished(owner[method]?.(...args)))
    const isRefusal = outcome instanceof TypeError && outcome.message.startsWith('Class constructor')
    return outcome === 'taken' || isRefusal || proxy.requests.length === sent ? outcome : 'sent'
  }

  /** The values of all parameters and options that have another outcome than they should. */
  async function wrongOnes(
    method: string,
    { parameters, options }: Method,
    call: (args: readonly unknown[]) => Promise<unknown>,
  ): Promise<object> {
    const wrong: Record<string, Record<string, string>> = {}
    const right = parameters.map((one) => one.right)
    for (const [index, one] of parameters.entries()) {
      wrong[`parameter ${index + 1}`] = await wrongOutcomes(one.taken(method), (value) =>
        call(right.with(index, value)),
      )
    }
    if (options !== undefined)
      wrong['options'] = await wrongOutcomes(OPTIONS(method), (value) => call([...right, value]))
    for (const [name, one] of Object.entries(options ?? {})) {
      wrong[name] = await wrongOutcomes(one.taken(method), (value) => call([...right, { [name]: value }]))
    }
    return Object.fromEntries(Object.entries(wrong).filter(([, values]) => Object.keys(values).length > 0))
  }

  /** The options that the error names where there is another one. */
  async function optionsNamedBy(
    call: (args: readonly unknown[]) => Promise<unknown>,
    { parameters }: Method,
  ): Promise<string[]> {
    const outcome = await call([...parameters.map((one) => one.right), { nonsense: 1 }])
    const [, names = ''] = /the options are ([\w, ]+)/.exec(String(outcome)) ?? []
    return names.split(', ').filter((name) => name !== '')
  }

  describe('a map', () => {
    it('is looked for in every method', () => {
      expect(methodsOf(NamedMap.prototype)).toEqual(Object.keys(MAP_METHODS).sort())
    })

    const call =
      (method: string) =>
      async (args: readonly unknown[]): Promise<unknown> => {
        const map: NamedCache<unknown, unknown> = await session.getCache(`of ${method}`)
        const outcome = await outcomeOn(map as unknown as Loose, method, args)
        if (method === 'addIndex' && outcome === 'taken') await map.removeIndex('name')
        return outcome
      }

    it.each(withArguments(MAP_METHODS))(
      'is refused, and the error says which it is: %s',
      async (method, row) => {
        expect(await wrongOnes(method, row, call(method))).toEqual({})
      },
    )

    it.each(withArguments(MAP_METHODS))('is looked for in every option: %s', async (method, row) => {
      expect((await optionsNamedBy(call(method), row)).sort()).toEqual(Object.keys(row.options ?? {}).sort())
    })
  })

  it('what a map gives is not possible: its methods take none', async () => {
    const map = await session.getMap('given')
    const events = map.events()
    const subscription = await map.listen(() => undefined)
    const given = [map.keys(), map.keys()[Symbol.asyncIterator](), events, subscription]
    const methods = given.map((object) =>
      methodsOf(Object.getPrototypeOf(object) as object).map((name) => [
        name,
        (Reflect.get(object, name) as () => void).length,
      ]),
    )
    await subscription.close()
    await events.close()

    expect(methods).toEqual([
      [
        ['toArray', 0],
        ['toMap', 0],
      ],
      [
        ['next', 0],
        ['return', 0],
      ],
      [['close', 0]],
      [['close', 0]],
    ])
  })

  describe('a session', () => {
    it('is looked for in every method', () => {
      expect(methodsOf(Session.prototype)).toEqual(Object.keys(SESSION_METHODS).sort())
      const ofTheClass = Object.getOwnPropertyNames(Session).filter(
        (name) => typeof Reflect.get(Session, name) === 'function',
      )
      expect(ofTheClass).toEqual(['create'])
    })

    const call =
      (method: string) =>
      async (args: readonly unknown[]): Promise<unknown> => {
        if (method !== 'close') return outcomeOn(session as unknown as Loose, method, args)
        await using own = await Session.create({ address: proxy.address })
        return await outcomeOn(own as unknown as Loose, method, args)
      }

    it.each(withArguments(SESSION_METHODS))(
      'is refused, and the error says which it is: %s',
      async (method, row) => {
        expect(await wrongOnes(method, row, call(method))).toEqual({})
      },
    )

    it.each(withArguments(SESSION_METHODS))('is looked for in every option: %s', async (method, row) => {
      expect((await optionsNamedBy(call(method), row)).sort()).toEqual(Object.keys(row.options ?? {}).sort())
    })

    it('is refused where it is to be created', async () => {
      const isRight = (value: unknown): boolean => RIGHT_OPTIONS.some((name) => VALUES[name] === value)

      const wrong = await wrongOutcomes(
        { takes: RIGHT_OPTIONS, refusal: /^Invalid options: / },
        // The right ones would connect to a server at the default address.
        (value) => (isRight(value) ? 'taken' : outcomeOf(() => Session.create(value as SessionOptions))),
      )

      expect(wrong).toEqual({})
    })
  })
})
