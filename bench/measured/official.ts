// The official JavaScript client, as its documentation uses it.
import type { MeasuredClient } from './client'
import type { Person } from './values'

interface OfficialMap {
  get(key: string): Promise<Person | null>
  set(key: string, value: Person): Promise<unknown>
  getAll(keys: Iterable<string>): Promise<Iterable<unknown>>
  setAll(entries: ReadonlyMap<string, Person>): Promise<unknown>
  entries(): Promise<AsyncIterable<{ readonly key: string; readonly value: Person }>>
}

interface OfficialSession {
  getMap(name: string): OfficialMap
  close(): Promise<void>
}

interface OfficialLibrary {
  readonly Session: new (options: { readonly address: string }) => OfficialSession
}

export async function open(module: string, address: string, mapName: string): Promise<MeasuredClient> {
  const { Session } = (await import(module)) as OfficialLibrary
  const session = new Session({ address })
  const map = session.getMap(mapName)
  return {
    get: (key) => map.get(key),
    set: (key, value) => map.set(key, value),
    getAll: async (keys) => {
      let found = 0
      for (const entry of await map.getAll(keys)) if (entry !== undefined) found += 1
      return found
    },
    setAll: (entries) => map.setAll(entries),
    iterate: async (visit) => {
      for await (const { value } of await map.entries()) visit(value)
    },
    close: () => session.close(),
  }
}
