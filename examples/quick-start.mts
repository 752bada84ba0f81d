// The first steps: open a session, store, read, ask.
import { Filters, Processors, Session } from 'coherence-ts'

interface Person {
  name: string
  age: number
  address: { city: string }
}

await using session = await Session.create() // localhost:1408, or COHERENCE_SERVER_ADDRESS

const people = await session.getMap<number, Person>('example-people')
await people.set(1, { name: 'Ada', age: 36, address: { city: 'London' } })
await people.set(2, { name: 'Grace', age: 45, address: { city: 'Boston' } })
console.log(await people.get(1))

for await (const [id, person] of people.entries({ filter: Filters.equal('address.city', 'Boston') })) {
  console.log(id, person.name)
}
console.log(await people.invoke(1, Processors.increment('age', 1)))

await people.destroy()
