// What a user's code says of types. Compiled in every way, never run.
import { Filters, type NamedCache, type NamedMap, type QueryOptions, Session } from 'coherence-ts'

interface Person {
  name: string
  address: { city: string }
  nickname?: string
}

const inBoston: QueryOptions<Person> = { filter: Filters.equal('address.city', 'Boston'), limit: 10 }

export async function use(session: Session): Promise<string[]> {
  const people: NamedMap<number, Person> = await session.getMap<number, Person>('people')
  const previous: Person | undefined = await people.set(1, { name: 'Ada', address: { city: 'London' } })
  for await (const [id, person] of people.entries(inBoston)) {
    console.log(id.toFixed(), person.name, previous?.nickname)
  }
  // @ts-expect-error there is no such member
  people.entries({ filter: Filters.equal('adress.city', 'Boston') })
  const tokens: NamedCache<string, string> = await session.getCache<string, string>('tokens')
  await tokens.set('a', 'b', { ttlSeconds: 60, signal: new AbortController().signal })
  await using another = await Session.create({ address: 'localhost:1408', requestTimeoutSeconds: 10 })
  console.log(another.closed)
  const found: Person[] = await people.values(inBoston).toArray()
  return found.map(({ name }) => name)
}
