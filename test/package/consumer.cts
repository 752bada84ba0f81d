// What a user of CommonJS writes. Compiled with several compilers and run on several releases of Node.js.
import coherence = require('coherence-ts')
import { Filters, InvalidOptionsError, type NamedMap, type QueryOptions } from 'coherence-ts'

interface Person {
  name: string
  address: { city: string }
}

const inBoston: QueryOptions<Person> = { filter: Filters.equal('address.city', 'Boston'), limit: 10 }

// Compiled, not run: there is no server here.
export async function use(people: NamedMap<number, Person>): Promise<string[]> {
  const found: Person[] = await people.values(inBoston).toArray()
  return found.map(({ name }) => name)
}

function notStorable(): unknown {
  try {
    return coherence.jsonCodec().encode(new Date(0), 'value')
  } catch (error) {
    return error instanceof coherence.CodecError ? error.code : String(error)
  }
}

async function main(): Promise<void> {
  const refused: unknown = await coherence.Session.create({ address: 'nowhere' }).catch(
    (error: unknown) => error,
  )
  const unreachable: unknown[] = await Promise.all(
    (['http2', 'grpc-js'] as const).map((transport) =>
      coherence.Session.create({ address: '127.0.0.1:1', readyTimeoutSeconds: 0, transport }).catch(
        (error: unknown) => error,
      ),
    ),
  )
  console.log(
    JSON.stringify({
      address: new coherence.Options({ address: 'example.com:4444' }).address,
      refused: refused instanceof InvalidOptionsError ? refused.code : String(refused),
      notStorable: notStorable(),
      unreachable: unreachable.map((error) =>
        error instanceof coherence.ConnectionError ? error.outcome : String(error),
      ),
    }),
  )
}

void main()
