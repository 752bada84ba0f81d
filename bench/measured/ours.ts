// This library as a user gets it: its built files, with the default options.
import type * as Library from 'coherence-ts'
import type { MeasuredClient } from './client'
import type { Person } from './values'

export async function open(module: string, address: string, mapName: string): Promise<MeasuredClient> {
  const { Session } = (await import(module)) as typeof Library
  // To compare the transports; a user of the defaults sets none.
  const transport = process.env['BENCH_TRANSPORT'] as 'http2' | 'grpc-js' | undefined
  const session = await Session.create({ address, ...(transport !== undefined && { transport }) })
  const map = await session.getMap<string, Person>(mapName)
  return {
    get: (key) => map.get(key),
    set: (key, value) => map.set(key, value),
    getAll: async (keys) => (await map.getAll(keys)).size,
    setAll: (entries) => map.setAll(entries),
    iterate: async (visit) => {
      for await (const [, value] of map.entries()) visit(value)
    },
    close: () => session.close(),
  }
}
