// The main job of a program that uses the library: it opens a session, stores, reads, asks and listens, meets errors
// and closes. It says what it saw, line by line, and expected.txt holds what each consumer has to say.
import {
  Aggregators,
  CodecError,
  CoherenceError,
  ConnectionError,
  Filters,
  InvalidOptionsError,
  type MapEvent,
  type NamedCache,
  type NamedMap,
  Options,
  Processors,
  ServerError,
  Session,
  SessionClosedError,
  type SessionOptions,
} from 'coherence-ts'

interface Person {
  name: string
  age: number
  address: { city: string }
}

type Say = (topic: string, what: unknown) => void

/** Breaks of lines, tabs and spaces at the beginning of lines are what goes wrong where code is laid out anew. */
const LINES = 'one\n\ttwo\r\n  three `${four}` \\n five'

const PEOPLE: readonly (readonly [number, Person])[] = [
  [1, { name: 'Ada', age: 36, address: { city: 'London' } }],
  [2, { name: 'Grace\n\tHopper', age: 45, address: { city: 'Boston' } }],
  [3, { name: 'Barbara', age: 41, address: { city: 'Boston' } }],
]

const ERRORS = {
  CoherenceError,
  InvalidOptionsError,
  ConnectionError,
  CodecError,
  ServerError,
  SessionClosedError,
}

/** Does the job with maps whose names begin with `prefix`, and returns what it saw. */
export async function mainJob(options: SessionOptions, prefix: string): Promise<string[]> {
  const said: string[] = []
  const say: Say = (topic, what) => void said.push(`${topic}: ${JSON.stringify(what)}`)
  say('options', new Options({ address: 'example.com:4444' }).address)
  say('refused', await errorOf(Session.create({ requestTimeoutSeconds: -1 })))
  const nowhere = { ...options, address: '127.0.0.1:1', readyTimeoutSeconds: 0 }
  say('unreachable', await errorOf(Session.create(nowhere)))

  const session = await Session.create(options)
  const people = await session.getMap<number, Person>(`${prefix}-people`)
  const texts = await session.getCache<string, string>(`${prefix}-texts`)
  await storeAndRead(people, texts, say)
  await askAndListen(people, say)
  say('not storable', await errorOf(people.set(4, new Date(0) as never)))
  say('no such class', await errorOf(people.invoke(1, Processors.custom('no.such.Processor'))))

  await people.destroy()
  await texts.destroy()
  await session.close()
  say('closed', session.closed)
  say('get after close', await errorOf(people.get(1)))
  return said
}

async function storeAndRead(
  people: NamedMap<number, Person>,
  texts: NamedCache<string, string>,
  say: Say,
): Promise<void> {
  say('set', (await people.set(1, { name: 'nobody', age: 0, address: { city: '' } })) ?? 'nothing was there')
  await people.setAll(PEOPLE)
  say('get', await people.get(2))
  say('getAll', [...(await people.getAll([1, 3, 5]))].sort())
  say('size', await people.size())
  await texts.set(LINES, LINES, { ttlSeconds: 600 })
  say('text', await texts.get(LINES))
  say('unchanged', (await texts.get(LINES)) === LINES)
}

async function askAndListen(people: NamedMap<number, Person>, say: Say): Promise<void> {
  const found: [number, string][] = []
  for await (const [id, { name }] of people.entries({ filter: Filters.equal('address.city', 'Boston') })) {
    found.push([id, name])
  }
  say('entries', found.sort())
  say('invoke', await people.invoke(1, Processors.increment('age', 1)))
  say('aggregate', Number(await people.aggregate(Aggregators.sum('age'))))

  const events: MapEvent<number, Person>[] = []
  const subscription = await people.listen((event) => events.push(event))
  await people.set(3, { name: LINES, age: 42, address: { city: 'Oslo' } })
  await subscription.close()
  say(
    'events',
    events.map(({ type, key, oldValue, newValue }) => [type, key, oldValue?.name, newValue?.name]),
  )
}

/** The name of an error, its code, and the classes that it is an instance of. */
async function errorOf(call: Promise<unknown>): Promise<unknown> {
  try {
    await call
    return 'no error'
  } catch (error) {
    if (!(error instanceof CoherenceError)) return String(error)
    const classes = Object.entries(ERRORS).flatMap(([name, type]) => (error instanceof type ? [name] : []))
    return [error.name, error.code, ...classes]
  }
}

/** Does the job as a program of its own, which has to end by itself soon after it. */
export async function runMainJob(): Promise<void> {
  const { MAIN_JOB_ADDRESS: address, MAIN_JOB_TRANSPORT: transport } = process.env
  const chosen = transport === undefined ? {} : { transport: transport as 'grpc-js' }
  const options = { address, requestTimeoutSeconds: 15, ...chosen }
  for (const line of await mainJob(options, `main-job-${process.pid}`)) console.log(line)
  const done = performance.now()
  process.once('exit', () => {
    const seconds = (performance.now() - done) / 1_000
    console.log(seconds < 3 ? 'ended by itself' : `went on for ${seconds.toFixed()} s`)
  })
}
