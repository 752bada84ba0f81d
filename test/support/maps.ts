// What the conformance suites of maps and caches have in common: a session, a new map for each test, and the keys and
// values that clients are known to get wrong.
import { type CacheOptions, type Entries, type NamedCache, Session, type SessionOptions } from 'coherence-ts'
import { describeConformance, serverAddress, uniqueName } from './conformance'
import { fromEnvironment } from './conformance-environment'

/** Makes a map that no other test uses, with these entries in it. */
export type OpenMap = <K, V>(entries?: Entries<K, V>, options?: CacheOptions) => Promise<NamedCache<K, V>>

/** A suite with a session; `body` gets what makes its maps. They are destroyed after each test: the server is small. */
export function describeMaps(name: string, body: (open: OpenMap, session: () => Session) => void): void {
  describeConformance(name, () => {
    let session: Session
    let names: string[] = []
    beforeAll(async () => {
      session = await openSession()
    })
    afterEach(async () => {
      const used = names
      names = []
      await Promise.all(used.map(async (name) => (await session.getMap(name)).destroy()))
    })
    afterAll(async () => {
      await session.close()
    })
    body(
      async <K, V>(entries?: Entries<K, V>, options?: CacheOptions) => {
        const map = await session.getCache<K, V>(uniqueName('map'), options)
        names.push(map.name)
        if (entries !== undefined) await map.setAll(entries)
        return map
      },
      () => session,
    )
  })
}

/** A session on the run's server. */
export function openSession(options: SessionOptions = {}): Promise<Session> {
  return Session.create({ address: serverAddress(), ...options })
}

/** Keys and values that count as false, or as nothing, in JavaScript. */
export const FALSY: readonly (number | string | boolean | null)[] = [0, '', false, null]

/** The same without null, which some answers of the server do not tell from nothing. */
export const FALSY_NOT_NULL: readonly (number | string | boolean)[] = [0, '', false]

export const OUTSIDE_ASCII = 'Zürich \u{1f600}'

/** One value of each kind that JSON has, and those that JavaScript clients lose. */
export const ALL_KINDS: readonly (readonly [kind: string, value: unknown])[] = [
  ['an integer', 42],
  ['a negative integer', -7],
  ['an integer beyond 32 bits', 2 ** 40],
  ['a bigint', 2n ** 63n],
  ['a fraction', 2.5],
  ['a string', 'text'],
  ['a string outside ASCII', OUTSIDE_ASCII],
  ['true', true],
  ['false', false],
  ['zero', 0],
  ['an empty string', ''],
  ['an array', [1, 'two', [3]]],
  ['an empty array', []],
  ['an object', { name: 'Ann', address: { city: 'Ulm', zip: 89073 } }],
  ['an empty object', {}],
]

/** Expects the order of a comparator, which servers do not keep where their caches hold bytes (25.03.2). */
export function expectInOrder(found: readonly unknown[], expected: readonly unknown[]): void {
  if (storesBytes()) {
    expect(found).toHaveLength(expected.length)
    expect(found).toEqual(expect.arrayContaining([...expected]))
  } else {
    expect(found).toEqual(expected)
  }
}

/** Whether the server's caches hold the bytes that clients send, and not Java objects made of them. */
export function storesBytes(): boolean {
  return fromEnvironment('COHERENCE_TEST_MODE') === 'json-serializer'
}

/** The release of the server, such as `25.03.2`. */
export function serverRelease(): string {
  return fromEnvironment('COHERENCE_TEST_VERSION') ?? '25.03.2'
}

/** Whether the server fails the request for the values of several keys. */
export function getAllFails(): boolean {
  return storesBytes() && serverRelease() === '24.09'
}
