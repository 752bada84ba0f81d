// Several servers: a session uses one of them, and another one when that is lost. A cluster of two members with backups; the
// member in use is killed under load, however the session knows the two.
import { type LookupAllOptions, promises as dns } from 'node:dns'
import { type EventGap, type MapEvent, Extractors, Filters, Session } from 'coherence-ts'
import type { RealMember } from '../../../src/testing/real-coherence'
import { type CoherenceServer, startCoherence } from '../../support/coherence-server'
import { describeWithJava, uniqueName } from '../../support/conformance'
import { eventually } from '../../support/eventually'
import { SessionDiary } from '../../support/session-events'
import { startTcpProxy, type TcpProxy } from '../../support/tcp-proxy'
import { Traffic, WORKERS } from '../../support/traffic'

const START_MS = 90_000
/** Calls succeed on the other server within 2 s; a machine that is busy may take longer. */
const MOVE_SECONDS = 30
/** In every run one; three where there is time. */
const ROLLING_ROUNDS = process.env['CI'] === 'true' ? 1 : 3
const HOSTS = ['127.0.0.1', '127.0.0.2']

/** What one listener got. */
class Heard {
  readonly events: MapEvent<string, number>[] = []
  readonly gaps: EventGap<string, number>[] = []
  readonly onAny = (event: MapEvent<string, number>): number => this.events.push(event)
  readonly onGap = (gap: EventGap<string, number>): number => this.gaps.push(gap)
}

describeWithJava('a cluster of two members', () => {
  let server: CoherenceServer
  let proxies: TcpProxy[] = []

  beforeAll(async () => {
    // With JSON between its members, Coherence has no member that stores entries.
    server = await startCoherence({ members: 2, mode: 'default' })
    // Both have the same port, as the addresses of one name have.
    const first = await startTcpProxy(server.addresses[0] ?? '', HOSTS[0])
    const port = Number(first.address.split(':')[1])
    proxies = [first, await startTcpProxy(server.addresses[1] ?? '', HOSTS[1], port)]
    const real = dns.lookup
    jest
      .spyOn(dns, 'lookup')
      .mockImplementation(((host: string, options: LookupAllOptions) =>
        host === 'grid.test'
          ? Promise.resolve(HOSTS.map((address) => ({ address, family: 4 })))
          : real(host, options)) as typeof dns.lookup)
  }, START_MS)

  // Also after a test that failed.
  afterEach(async () => {
    for (const member of server.members) if (!member.running) await member.start()
  }, START_MS)

  afterAll(async () => {
    jest.restoreAllMocks()
    await Promise.all(proxies.map((proxy) => proxy.close()))
    await server.stop()
  })

  /** The member that a session is connected to. */
  async function memberOf({ serverInfo }: Session): Promise<RealMember> {
    for (const member of server.members) {
      await using direct = await Session.create({ address: member.address })
      if (direct.serverInfo.memberId === serverInfo.memberId) return member
    }
    throw new Error(`There is no member ${serverInfo.memberId}`)
  }

  const ways: [string, () => string | readonly string[]][] = [
    ['two addresses', () => server.addresses],
    ['a name with two addresses', () => `grid.test:${proxies[0]?.address.split(':')[1] ?? ''}`],
    ['the name service', () => `coherence:///127.0.0.1:${server.clusterPort}/${server.clusterName}`],
  ]

  it.each(ways)(
    'by %s: the member in use is killed, nothing is lost, and the session goes on with the other one',
    async (_, address) => {
      await using session = await Session.create({ address: address(), requestTimeoutSeconds: 30 })
      const diary = new SessionDiary(session)
      const map = await session.getMap<string, number>(uniqueName('servers'))
      const heard = [new Heard(), new Heard(), new Heard()] as const
      await map.listen(heard[0], { key: 'last' })
      await map.listen(heard[1], { filter: Filters.greater(Extractors.identity<number>(), -1) })
      await map.listen(heard[2])
      const traffic = new Traffic(map)
      await eventually(() => traffic.answered > 2 * WORKERS)

      const used = await memberOf(session)
      await used.kill()
      await diary.first('disconnected')
      const answered = traffic.answered
      await eventually(() => traffic.answered > answered + WORKERS, MOVE_SECONDS)
      await traffic.stop()

      traffic.expectOnlyUnknownWrites()
      await traffic.expectNothingLost()
      await map.set('last', 1)
      await eventually(() => heard.every(({ events }) => events.at(-1)?.key === 'last'))
      expect(heard.map(({ gaps }) => gaps.length)).toEqual([1, 1, 1])
    },
    START_MS,
  )

  it(
    'both members are restarted one after the other under load: no call that may be repeated fails, no write is lost, and no event is missed but in a gap',
    async () => {
      await using session = await Session.create({ address: server.addresses, requestTimeoutSeconds: 60 })
      const map = await session.getMap<string, number>(uniqueName('rolling'))
      const traffic = new Traffic(map)
      await traffic.listen()
      let losses = 0
      session.on('disconnected', () => (losses += 1))

      for (let round = 0; round < ROLLING_ROUNDS; round++) {
        for (const member of server.members) {
          await member.terminate()
          await member.start()
          const { answered } = traffic
          await eventually(() => traffic.answered > answered + WORKERS, MOVE_SECONDS)
        }
      }
      await traffic.stop()

      traffic.expectOnlyUnknownWrites(losses)
      await traffic.expectNothingLost()
      expect(traffic.answered).toBeGreaterThan(WORKERS)
    },
    4 * START_MS,
  )

  it('sessions begin with one of the servers, not always the same', async () => {
    const members = new Set<number>()
    await eventually(async () => {
      await using session = await Session.create({ address: server.addresses })
      members.add(session.serverInfo.memberId)
      return members.size === 2
    })
  })

  it('a server of the two that is not there costs nothing but its refusal', async () => {
    const [first = ''] = server.addresses
    for (let count = 0; count < 4; count++) {
      await using session = await Session.create({ address: ['127.0.0.1:1', first, 'nowhere.invalid:1'] })
      expect(session.connected).toBe(true)
    }
  })

  it('a cluster that the name service does not know is named by the error', async () => {
    const address = `coherence:///127.0.0.1:${server.clusterPort}/elsewhere`
    await expect(Session.create({ address })).rejects.toMatchObject({
      code: 'ERR_COHERENCE_CONNECTION',
      message: `No connection to ${address}: The name service at 127.0.0.1:${server.clusterPort} knows no cluster 'elsewhere'`,
    })
  })
})
