// Stand-ins for maps, caches and sessions: what takes the interface takes the real thing and a fake.
import {
  type CoherenceCache,
  type CoherenceMap,
  type CoherenceSession,
  type NamedCache,
  type NamedMap,
  Processors,
  type Session,
} from 'coherence-ts'

interface User {
  readonly name: string
  readonly age: number
}

declare const realMap: NamedMap<string, User>
declare const realCache: NamedCache<string, User>
declare const realSession: Session

// The real ones are what the interfaces say.
export const map: CoherenceMap<string, User> = realMap
export const ofCache: CoherenceMap<string, User> = realCache
export const cache: CoherenceCache<string, User> = realCache
export const session: CoherenceSession = realSession
export const opened: Promise<CoherenceMap<string, User>> = session.getMap<string, User>('users')

// A fake of what a function uses.
type Users = Pick<CoherenceMap<string, User>, 'get' | 'invoke' | 'on'>
declare function birthday(users: Users, id: string): Promise<number>
export const byMap = birthday(realMap, 'ann')
export const fake: Users = {
  get: () => Promise.resolve({ name: 'Ann', age: 1 }),
  invoke: () => Promise.reject(new Error('no server')),
  on: () => undefined,
}
export const byFake = birthday(fake, 'ann')
export const age: Promise<number> = fake.invoke('ann', Processors.increment('age', 1))

// @ts-expect-error a user has no such member
export const wrongValue = fake.invoke('ann', Processors.increment('agee', 1))
// @ts-expect-error what is missing is seen
export const incomplete: Users = { get: () => Promise.resolve(undefined) }
