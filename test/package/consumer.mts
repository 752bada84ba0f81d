// What a user of ES modules writes. Compiled with several compilers and run on several releases of Node.js.
import {
  CodecError,
  ConnectionError,
  Filters,
  InvalidOptionsError,
  Options,
  Session,
  jsonCodec,
  type NamedCache,
  type NamedMap,
} from 'coherence-ts'

interface Person {
  name: string
  address: { city: string }
  nickname?: string
}

// Compiled, not run: there is no server here.
export async function use(session: Session): Promise<void> {
  const people: NamedMap<number, Person> = await session.getMap<number, Person>('people')
  const previous: Person | undefined = await people.set(1, { name: 'Ada', address: { city: 'London' } })
  for await (const [id, person] of people.entries({ filter: Filters.equal('address.city', 'Boston') })) {
    console.log(id.toFixed(), person.name, previous?.nickname)
  }
  // @ts-expect-error there is no such member
  people.entries({ filter: Filters.equal('adress.city', 'Boston') })
  const tokens: NamedCache<string, string> = await session.getCache<string, string>('tokens')
  await tokens.set('a', 'b', { ttlSeconds: 60, signal: new AbortController().signal })
  await using another = await Session.create({ address: 'localhost:1408', requestTimeoutSeconds: 10 })
  console.log(another.closed)
}

function notStorable(): unknown {
  try {
    return jsonCodec().encode(new Date(0), 'value')
  } catch (error) {
    return error instanceof CodecError ? error.code : String(error)
  }
}

const refused: unknown = await Session.create({ requestTimeoutSeconds: -1 }).catch((error: unknown) => error)
const unreachable: unknown[] = await Promise.all(
  (['http2', 'grpc-js'] as const).map((transport) =>
    Session.create({ address: '127.0.0.1:1', readyTimeoutSeconds: 0, transport }).catch(
      (error: unknown) => error,
    ),
  ),
)
console.log(
  JSON.stringify({
    address: new Options({ address: 'example.com:4444' }).address,
    refused: refused instanceof InvalidOptionsError ? refused.code : String(refused),
    notStorable: notStorable(),
    unreachable: unreachable.map((error) =>
      error instanceof ConnectionError ? error.outcome : String(error),
    ),
  }),
)
