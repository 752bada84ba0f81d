// Two servers that a session knows: what it says of the one that it uses, and addresses of which some answer nothing.
import { Session } from 'coherence-ts'
import { EmbeddedCoherence } from 'coherence-ts/testing'
import { FakeProxy } from '../../support/fake-proxy'
import { silentTcpServer } from '../../support/odd-servers'

function next(session: Session, event: 'disconnected' | 'reconnected'): Promise<unknown> {
  return new Promise((resolve) => session.once(event, resolve))
}

/** A server that says that it is the member with this id. */
async function member(proxyMemberId: number): Promise<FakeProxy> {
  const proxy = await FakeProxy.start()
  const uuid = Buffer.alloc(16)
  proxy.onInit((stream, _init, id) => {
    const value = { uuid, version: '25.03.2', encodedVersion: 0, protocolVersion: 1, proxyMemberUuid: uuid }
    stream.send(id, { $case: 'init', value: { ...value, proxyMemberId } })
  })
  return proxy
}

it('serverInfo is of the server that the session was connected to last, whether anybody asked meanwhile or not', async () => {
  await using one = await member(1)
  await using other = await member(2)
  await using session = await Session.create({ address: [one.address, other.address] })
  const [used, unused] = session.serverInfo.memberId === 1 ? [one, other] : [other, one]

  const moved = next(session, 'reconnected')
  used.stop()
  await moved
  const lost = next(session, 'disconnected')
  unused.stop()
  await lost

  expect(session.serverInfo.memberId).toBe(unused === one ? 1 : 2)
})

it.each(['http2', 'grpc-js'] as const)(
  'a name service and a server that answer nothing hold nobody up: %s',
  async (transport) => {
    await using silent = await silentTcpServer()
    await using server = await EmbeddedCoherence.start()
    // Each attempt has this time, in which neither of the silent ones answers.
    for (let count = 0; count < 3; count++) {
      await using session = await Session.create({
        address: [`coherence:///${silent.address}`, silent.address, server.address],
        requestTimeoutSeconds: 4,
        transport,
      })
      expect(session.connected).toBe(true)
    }
  },
)
