// A server that is reached again and refuses the client for good: what waits is rejected with the refusal, and the session goes
// on as soon as it is accepted.
import {
  AuthenticationError,
  ServerError,
  Session,
  type SessionOptions,
  UnsupportedError,
} from 'coherence-ts'
import { Status } from 'nice-grpc'
import { eventually } from '../../support/eventually'
import { FakeProxy } from '../../support/fake-proxy'
import { failureOf } from '../../support/failures'

type Refusal = { readonly status: Status; readonly details: string } | undefined

let proxy: FakeProxy

beforeEach(async () => {
  proxy = await FakeProxy.start()
})

afterEach(async () => {
  await proxy[Symbol.asyncDispose]()
})

/** Loses the connection; the server refuses what comes after that. */
async function refuseAgain(session: Session, refusal: () => Refusal): Promise<void> {
  const lost = new Promise((resolve) => session.on('disconnected', resolve))
  proxy.stop()
  await lost
  proxy.refusal = refusal
  await proxy.start()
}

function open(options: SessionOptions = {}): Promise<Session> {
  return Session.create({ address: proxy.address, requestTimeoutSeconds: 30, ...options })
}

describe('what waits for a connection is rejected at once where the server', () => {
  it.each([
    ['wants other credentials', Status.UNAUTHENTICATED, 'who are you?', AuthenticationError],
    ['does not permit it', Status.PERMISSION_DENIED, 'not you', AuthenticationError],
    ['does not know the scope or the format', Status.INTERNAL, '', ServerError],
    ['does not speak the protocol', Status.UNIMPLEMENTED, 'Method not found', UnsupportedError],
  ])('%s', async (_, status, details, type) => {
    await using session = await open()
    const map = await session.getMap<string, number>('m')
    await refuseAgain(session, () => ({ status, details }))

    const waiting = [
      map.get('a'),
      map.set('a', 1),
      session.ping(),
      session.getMap('n'),
      map.listen(() => undefined),
    ]
    for (const failure of await Promise.all(waiting.map((call) => failureOf(() => call))))
      expect(failure).toBeInstanceOf(type)
    expect(await failureOf(() => map.get('a'))).toBeInstanceOf(type)
    expect(await failureOf(() => map.entries().toArray())).toBeInstanceOf(type)
    expect(session.closed).toBe(false)
  })

  it('but each with an error of its own', async () => {
    await using session = await open()
    const map = await session.getMap<string, number>('m')
    await refuseAgain(session, () => ({ status: Status.UNAUTHENTICATED, details: 'who are you?' }))

    const [one, other] = await Promise.all([failureOf(() => map.get('a')), failureOf(() => map.get('b'))])
    expect(one).toEqual(other)
    expect(one).not.toBe(other)
  })
})

it('two refusals are not enough, since a server that starts or ends may refuse for a moment', async () => {
  await using session = await open()
  const map = await session.getMap<string, number>('m')
  let refusals = 0
  await refuseAgain(session, () => {
    refusals += 1
    return refusals <= 2 ? { status: Status.UNIMPLEMENTED, details: 'starting' } : undefined
  })
  expect(await map.get('a')).toBeUndefined()
  expect(refusals).toBe(3)
})

it('the session goes on when the server accepts it, and when it cannot be reached calls wait again', async () => {
  await using session = await open()
  const map = await session.getMap<string, number>('m')
  await refuseAgain(session, () => ({ status: Status.UNAUTHENTICATED, details: 'who are you?' }))
  expect(await failureOf(() => map.get('a'))).toBeInstanceOf(AuthenticationError)

  proxy.refusal = () => undefined
  await eventually(() => session.connected)
  await map.set('a', 1)
  expect(await map.get('a')).toBe(1)
})
