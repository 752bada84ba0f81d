// Addresses of one target that are tried side by side: one connection comes of them.
import { setImmediate as nextTurn } from 'node:timers/promises'
import { Dialing } from '../../../src/transport/http2/dial'
import type { OpenSession } from '../../../src/transport/http2/open-session'
import { parseTarget } from '../../../src/transport/http2/target'

jest.mock('../../../src/async/real-time', () => jest.requireActual<object>('../../support/fakeable-time'))

interface Attempted {
  readonly signal: AbortSignal
  readonly succeed: (session: OpenSession) => void
  readonly fail: (error: Error) => void
}

/** A connection that notes in `ended` which of its halves is destroyed. */
function fakeSession(peer: string): { session: OpenSession; ended: string[] } {
  const ended: string[] = []
  const half = (name: string): unknown => ({ destroy: () => ended.push(name) })
  return { session: { peer, session: half('session'), socket: half('socket') } as OpenSession, ended }
}

/** A target with two addresses; the second is tried since the first is slow. */
async function twoAttempts(): Promise<{ dialing: Dialing; attempts: [Attempted, Attempted] }> {
  jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] })
  const attempts: Attempted[] = []
  const dialing = new Dialing(
    parseTarget('ipv4:127.0.0.1:1,127.0.0.2:1'),
    false,
    (_, signal) =>
      new Promise((succeed, fail) => {
        attempts.push({ signal, succeed, fail })
      }),
    Infinity,
  )
  await nextTurn()
  jest.runOnlyPendingTimers()
  const [first, second] = attempts
  if (first === undefined || second === undefined) throw new Error('two addresses are tried')
  return { dialing, attempts: [first, second] }
}

describe('addresses that are tried side by side', () => {
  afterEach(() => {
    jest.useRealTimers()
  })

  it('give the connection that is there first, and cancel the other attempt', async () => {
    const { dialing, attempts } = await twoAttempts()
    attempts[1].succeed(fakeSession('second').session)

    expect((await dialing.session).peer).toBe('second')
    expect(attempts[0].signal.aborted).toBe(true)
  })

  it('leave no other connection open that comes all the same', async () => {
    const { dialing, attempts } = await twoAttempts()
    const late = fakeSession('first')
    const used = fakeSession('second')
    attempts[1].succeed(used.session)
    attempts[0].succeed(late.session)
    await dialing.session
    await nextTurn()

    expect(late.ended).toEqual(['session', 'socket'])
    expect(used.ended).toEqual([])
  })

  it('fail with what each of them says', async () => {
    const { dialing, attempts } = await twoAttempts()
    attempts[0].fail(new Error('refused'))
    attempts[1].fail(new Error('unreachable'))

    await expect(dialing.session).rejects.toThrow('refused; unreachable')
  })
})
