// What a client has to be able to do to be measured.
import type { Person } from './values'

export interface MeasuredClient {
  get(key: string): Promise<Person | null | undefined>
  set(key: string, value: Person): Promise<unknown>
  /** Gives the number of values that came back. */
  getAll(keys: readonly string[]): Promise<number>
  setAll(entries: ReadonlyMap<string, Person>): Promise<unknown>
  /** Calls `visit` with each value of the map. */
  iterate(visit: (value: Person) => void): Promise<void>
  close(): Promise<void>
}

/** Opens a session and a map with the default options of the client. */
export type OpenClient = (module: string, address: string, mapName: string) => Promise<MeasuredClient>
