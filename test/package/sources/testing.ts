// What a user's test says of the servers for tests. Compiled in every way, never run.
import { type CoherenceMap, type CoherenceSession, Session } from 'coherence-ts'
import { Clock, EmbeddedCoherence, type Operation, RealCoherence } from 'coherence-ts/testing'

export async function use(operation: Operation): Promise<Map<unknown, unknown>> {
  await using server = await EmbeddedCoherence.start({ clock: new Clock({ frozen: true }), partitions: 7 })
  await using session: Session = await Session.create({ address: server.address })
  const asInterface: CoherenceSession = session
  const users: CoherenceMap<string, number> = await asInterface.getMap<string, number>('users')
  server.failNext(operation)
  // @ts-expect-error there is no such request
  server.failNext('Putt')
  server.on('request', (request) => request.operation === 'Put' && request.mapName)
  server.clock.advance(await users.size())
  return server.inspect('users')
}

export async function useReal(): Promise<readonly string[]> {
  await using server = await RealCoherence.start({
    members: 2,
    properties: { 'coherence.serializer': 'json' },
  })
  await server.members[0]?.kill()
  return server.addresses
}
