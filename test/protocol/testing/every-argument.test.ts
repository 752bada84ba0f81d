// Every method of the servers for tests and of their clock, each of its parameters and options, and a wrong value of every
// kind for it. No server of Java is started: wrong options are refused before that.
import { Clock, EmbeddedCoherence, RealCoherence } from 'coherence-ts/testing'
import {
  EMPTY_OPTIONS,
  FLAGS,
  FUNCTIONS,
  methodsOf,
  outcomeOf,
  type Taken,
  type ValueName,
  VALUES,
  wrongOutcomes,
} from '../../support/wrong-values'

type Loose = Record<string, (...args: unknown[]) => unknown>

const START = 'EmbeddedCoherence\\.start\\(\\)'
const REAL_START = 'RealCoherence\\.start\\(\\)'
const SECONDS = ['the number 0', 'the number 5', 'a fraction'] as const

function taken(refusal: string, ...takes: readonly ValueName[]): Taken {
  return { refusal: new RegExp(`^${refusal}`), takes }
}

const options = (caller: string): Taken =>
  taken(
    `${caller} got .*(as the options: pass an object with|an option named)`,
    'undefined',
    ...EMPTY_OPTIONS,
  )

/** Starts an embedded server and stops it again. */
async function started(given: unknown): Promise<void> {
  const server = await EmbeddedCoherence.start(given as object)
  await server.stop()
}

interface Option {
  readonly taken: Taken
  /** Right values that are not tried: with them it takes the machine to start a server, or a network. */
  readonly untried?: readonly ValueName[]
}

const EMBEDDED_OPTIONS: Readonly<Record<string, Option>> = {
  port: { taken: taken(`${START} got port `, 'undefined', 'the number 0'), untried: ['the number 5'] },
  host: { taken: taken(`${START} got host `, 'undefined'), untried: ['a text'] },
  tls: { taken: taken(`${START} (in tls got|got tls\\.key) `, 'undefined') },
  clock: { taken: taken(`${START} got clock `, 'undefined') },
  partitions: { taken: taken(`${START} got partitions `, 'undefined', 'the number 5') },
  release: { taken: taken(`${START} got release `, 'undefined') },
  latencySeconds: { taken: taken(`${START} got latencySeconds `, 'undefined', ...SECONDS) },
}

const REAL_OPTIONS: Readonly<Record<string, Option>> = {
  version: { taken: taken(`${REAL_START} got version `), untried: ['undefined', 'a text'] },
  members: { taken: taken(`${REAL_START} got members `), untried: ['undefined', 'the number 5'] },
  tls: { taken: taken(`${REAL_START} (in tls got|got tls\\.keyPath) `), untried: ['undefined'] },
  properties: { taken: taken(`${REAL_START} got properties`), untried: ['undefined', ...EMPTY_OPTIONS] },
  environment: { taken: taken(`${REAL_START} got environment`), untried: ['undefined', ...EMPTY_OPTIONS] },
  startTimeoutSeconds: {
    taken: taken(`${REAL_START} got startTimeoutSeconds `),
    untried: ['undefined', 'the number 5', 'a fraction', 'Infinity'],
  },
}

/** The parameters of each method, each with a right value. */
const EMBEDDED_METHODS: Readonly<Record<string, readonly (readonly [right: unknown, taken: Taken])[]>> = {
  clear: [],
  delayNext: [
    ['Put', taken('delayNext\\(\\) got .* as the operation')],
    [1, taken('delayNext\\(\\) got seconds ', ...SECONDS)],
  ],
  dropConnections: [],
  failNext: [
    ['Put', taken('failNext\\(\\) got .* as the operation')],
    ['no', taken('failNext\\(\\) got error ', 'undefined', 'a text')],
  ],
  goAway: [],
  inspect: [['m', taken('inspect\\(\\) got mapName ', 'a text')]],
  off: [
    ['request', taken('off\\(\\) got .* as the event')],
    [(): undefined => undefined, taken('off\\(\\) got listener ', ...FUNCTIONS)],
  ],
  on: [
    ['request', taken('on\\(\\) got .* as the event')],
    [(): undefined => undefined, taken('on\\(\\) got listener ', ...FUNCTIONS)],
  ],
  pause: [],
  restart: [],
  resume: [],
  stop: [],
}

/** The options that the error names where there is another one. */
async function optionsNamedBy(call: (given: object) => unknown): Promise<string[]> {
  const [, names = ''] =
    /the options are ([\w, ]+)/.exec(String(await outcomeOf(() => call({ nonsense: 1 })))) ?? []
  return names.split(', ')
}

/** The values of an option that have another outcome than they should. */
function wrongOnes(
  { taken: { refusal, takes }, untried = [] }: Option,
  start: (value: unknown) => unknown,
): Promise<object> {
  const isUntried = (value: unknown): boolean => untried.some((name) => Object.is(VALUES[name], value))
  return wrongOutcomes({ refusal, takes: [...takes, ...untried] }, (value) =>
    isUntried(value) ? 'taken' : outcomeOf(() => start(value)),
  )
}

describe('a wrong argument of an embedded server', () => {
  let server: EmbeddedCoherence

  beforeAll(async () => {
    server = await EmbeddedCoherence.start()
  })
  afterAll(() => server.stop())

  it('is looked for in every method', () => {
    expect(methodsOf(EmbeddedCoherence.prototype)).toEqual(Object.keys(EMBEDDED_METHODS).sort())
  })

  it('is looked for in every option', async () => {
    expect(await optionsNamedBy(started)).toEqual(Object.keys(EMBEDDED_OPTIONS))
  })

  it('is refused as the options', async () => {
    expect(await wrongOnes({ taken: options(START) }, started)).toEqual({})
  })

  it.each(Object.entries(EMBEDDED_OPTIONS))('is refused as the option %s', async (name, option) => {
    expect(await wrongOnes(option, (value) => started({ [name]: value }))).toEqual({})
  })

  it.each(Object.entries(EMBEDDED_METHODS).filter(([, parameters]) => parameters.length > 0))(
    'is refused by the method %s',
    async (method, parameters) => {
      const right = parameters.map(([value]) => value)
      for (const [index, [, row]] of parameters.entries()) {
        const call = (value: unknown): unknown =>
          (server as unknown as Loose)[method]?.(...right.with(index, value))
        expect(await wrongOnes({ taken: row }, call)).toEqual({})
      }
    },
  )
})

describe('a wrong argument of a real server', () => {
  const start = (given: unknown): unknown => RealCoherence.start(given as object)

  it('is looked for in every option, and no method takes one', async () => {
    const lengths = methodsOf(RealCoherence.prototype).map(
      (name) => (Reflect.get(RealCoherence.prototype, name) as () => void).length,
    )

    expect(await optionsNamedBy(start)).toEqual(Object.keys(REAL_OPTIONS))
    expect(lengths).toEqual([0, 0, 0, 0, 0, 0])
  })

  it('is refused as the options', async () => {
    const { refusal } = options(REAL_START)

    expect(
      await wrongOnes({ taken: { refusal, takes: [] }, untried: ['undefined', ...EMPTY_OPTIONS] }, start),
    ).toEqual({})
  })

  it.each(Object.entries(REAL_OPTIONS))('is refused as the option %s', async (name, option) => {
    expect(await wrongOnes(option, (value) => start({ [name]: value }))).toEqual({})
  })
})

describe('a wrong argument of a clock', () => {
  const make = (given: unknown): unknown => new Clock(given as object)

  it('is refused as the options', async () => {
    expect(await wrongOnes({ taken: options('new Clock\\(\\)') }, make)).toEqual({})
    expect(await optionsNamedBy(make)).toEqual(['frozen'])
  })

  it('is refused as the option frozen', async () => {
    const flag = taken('new Clock\\(\\) got .* as frozen: ', 'undefined', ...FLAGS)

    expect(await wrongOnes({ taken: flag }, (value) => make({ frozen: value }))).toEqual({})
  })

  it('is refused as a time', async () => {
    const clock = new Clock({ frozen: true })

    expect(
      await wrongOnes({ taken: taken('clock\\.advance\\(\\) got ', ...SECONDS) }, (value) =>
        clock.advance(value as number),
      ),
    ).toEqual({})
    expect(methodsOf(Clock.prototype)).toEqual(['advance', 'watch'])
  })
})
