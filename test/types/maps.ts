// What the compiler makes of the calls of maps: the life of an entry, and the paths of indexes.
import { Extractors, type NamedCache, type NamedMap } from 'coherence-ts'

interface Person {
  name: string
  address: { city: string; zip?: number }
  tags: string[]
}

declare const people: NamedMap<number, Person>
declare const sessions: NamedCache<string, Person>
declare const anything: NamedMap<unknown, unknown>
declare const ann: Person

/** Every map is a cache too, so the calls of both take the life of what they store. */
export async function lives(): Promise<void> {
  await people.set(1, ann, { ttlSeconds: 60 })
  await people.setAll([[1, ann]], { ttlSeconds: 60, onProgress: () => undefined })
  await people.setIfAbsent(1, ann, { ttlSeconds: Infinity, timeoutSeconds: 5 })
  await sessions.set('a', ann, { ttlSeconds: 60 })

  // @ts-expect-error what changes an entry in its place gives it no life
  await people.replace(1, ann, { ttlSeconds: 60 })
  // @ts-expect-error reads give no life
  await sessions.get('a', { ttlSeconds: 60 })
  // @ts-expect-error seconds are a number
  await people.set(1, ann, { ttlSeconds: '60' })
}

export async function indexes(): Promise<void> {
  await people.addIndex('name')
  await people.addIndex('address.city', { ordered: true })
  await people.addIndex('tags')
  await people.removeIndex('address.zip')
  await people.addIndex(Extractors.key())
  await people.removeIndex(Extractors.extract('address.city'))
  await anything.addIndex('whatever.this.is')

  // @ts-expect-error there is no such member
  await people.addIndex('adress.city')
  // @ts-expect-error arrays end a path
  await people.addIndex('tags.length')
  // @ts-expect-error there is no such member
  await people.removeIndex('city')
  // @ts-expect-error an extractor of other values
  await people.addIndex(Extractors.extract<{ age: number }, 'age'>('age'))
}
