// A connection that nobody closes and on which nothing comes any more, as after a firewall forgot it.
import { ConnectionError, type NamedCache, Session, type SessionOptions } from 'coherence-ts'
import { eventually } from '../../support/eventually'
import { FakeProxy } from '../../support/fake-proxy'
import { SessionDiary } from '../../support/session-events'
import { startTcpProxy, type TcpProxy } from '../../support/tcp-proxy'

const HEARTBEAT_SECONDS = 0.2

let server: FakeProxy
let network: TcpProxy
let session: Session
let map: NamedCache<string, number>

async function open(options: SessionOptions = {}): Promise<void> {
  session = await Session.create({
    address: network.address,
    heartbeatSeconds: HEARTBEAT_SECONDS,
    ...options,
  })
  map = await session.getCache<string, number>('m')
}

beforeEach(async () => {
  server = await FakeProxy.start()
  network = await startTcpProxy(server.address)
})

afterEach(async () => {
  try {
    await session.close()
  } finally {
    await network.close()
    await server[Symbol.asyncDispose]()
  }
})

it.each(['http2', 'grpc-js'] as const)('is replaced without a call: %s', async (transport) => {
  await open({ transport })
  const diary = new SessionDiary(session)
  const heard: unknown[] = []
  await map.listen({ onAny: ({ newValue }) => heard.push(newValue), onGap: () => heard.push('gap') })
  const paced: unknown[] = []
  const stream = map.events({ overflow: 'error' })
  await stream.ready
  const consumed = (async () => {
    for await (const event of stream) paced.push('newValue' in event ? event.newValue : event.type)
  })()

  network.silence()

  await eventually(() => diary.types.includes('reconnected') && heard.length === 1 && paced.length === 1)
  await map.set('k', 1)
  await eventually(() => heard.length === 2 && paced.length === 2)
  expect([diary.types, heard, paced]).toEqual([
    ['disconnected', 'reconnected'],
    ['gap', 1],
    ['gap', 1],
  ])
  expect(String(diary.events[0]?.reason)).toMatch(
    /was lost: nothing came for [\d.]+ s, and no answer to a heartbeat$/,
  )
  await stream.close()
  await consumed
})

it('costs a read time only, and a write says that its fate is unknown', async () => {
  await open()
  await map.set('k', 1)
  network.silence()

  const [read, streamed, write] = await Promise.allSettled([
    map.get('k'),
    map.keys().toArray(),
    map.set('other', 2),
  ])

  expect([read, streamed]).toEqual([
    { status: 'fulfilled', value: 1 },
    { status: 'fulfilled', value: ['k'] },
  ])
  expect(write).toMatchObject({ reason: { code: 'ERR_COHERENCE_CONNECTION', outcome: 'unknown' } })
  expect((write as PromiseRejectedResult).reason).toBeInstanceOf(ConnectionError)
})

it('is the same connection if the server answers heartbeats', async () => {
  await open()
  const diary = new SessionDiary(session)
  let heartbeats = 0
  const answered = new Promise<void>((resolve) => {
    server.onHeartbeat((stream, id) => {
      heartbeats += 1
      stream.send(id, { $case: 'heartbeat', value: { uuid: undefined, ack: false } })
      if (heartbeats === 3) resolve()
    })
  })

  await answered

  expect([diary.types, server.streams.length]).toEqual([[], 1])
  expect(await map.get('k')).toBeUndefined()
})

it('does not hold up close for longer than the calls that wait', async () => {
  await open({ heartbeatSeconds: 0, requestTimeoutSeconds: 0.3 })
  network.silence()
  const call = map.get('k').catch((error: unknown) => error)

  await session.close()

  expect(await call).toBeInstanceOf(Error)
})
