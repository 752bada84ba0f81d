// Addresses of one target that are tried side by side: one connection comes of them.
import { setImmediate as nextTurn } from 'node:timers/promises'
import { type Dial, Dialing } from '../../../src/transport/http2/dial/dialing'
import type { OpenSession } from '../../../src/transport/http2/open-session'
import { lookup } from 'node:dns/promises'
import { parseTarget } from '../../../src/transport/http2/dial/target'

jest.mock('node:dns/promises', () => ({ lookup: jest.fn() }))
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

function dialTo(...targets: string[]): Dial {
  return { targets: targets.map(parseTarget), startAt: 0, byProxy: false, timeoutMs: Infinity }
}

/** A target with two addresses; the second is tried since the first is slow. */
async function twoAttempts(): Promise<{ dialing: Dialing; attempts: [Attempted, Attempted] }> {
  jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] })
  const attempts: Attempted[] = []
  const dialing = new Dialing(dialTo('ipv4:127.0.0.1:1,127.0.0.2:1'), (_, signal) => {
    return new Promise((succeed, fail) => {
      attempts.push({ signal, succeed, fail })
    })
  })
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

describe('several targets', () => {
  const lookups = lookup as unknown as jest.MockedFunction<
    (host: string) => Promise<readonly { address: string }[]>
  >
  const tried: string[] = []

  /** Each attempt fails at once. */
  async function failures(dial: Partial<Dial>, ...targets: string[]): Promise<string[]> {
    tried.length = 0
    const dialing = new Dialing({ ...dialTo(...targets), ...dial }, ({ peer }) => {
      tried.push(peer)
      return Promise.reject(new Error(`${peer} refused`))
    })
    await dialing.session.catch((error: unknown) => tried.push((error as Error).message))
    return tried
  }

  beforeEach(() => {
    lookups.mockImplementation((host) =>
      host === 'unknown'
        ? Promise.reject(new Error('no such host'))
        : Promise.resolve(['10.0.0.1', '10.0.0.2', '10.0.0.3', '::1', '::2'].map((address) => ({ address }))),
    )
  })

  afterEach(() => {
    jest.useRealTimers()
  })

  it('are tried in their order', async () => {
    expect(await failures({}, '10.0.0.9:1', '[::9]:2', '10.0.0.8:3')).toEqual([
      '10.0.0.9:1',
      '[::9]:2',
      '10.0.0.8:3',
      '10.0.0.9:1 refused; [::9]:2 refused; 10.0.0.8:3 refused',
    ])
  })

  it('begin with another address of one name, and its families alternate', async () => {
    const first = await failures({}, 'grid:1')
    expect(first.slice(0, 5)).toEqual(['10.0.0.1:1', '[::1]:1', '10.0.0.2:1', '[::2]:1', '10.0.0.3:1'])
    const fifth = await failures({ startAt: 4 }, 'grid:1')
    expect(fifth.slice(0, 5)).toEqual(['10.0.0.2:1', '[::1]:1', '10.0.0.3:1', '[::2]:1', '10.0.0.1:1'])
  })

  it('are tried although the name of one is unknown', async () => {
    expect(await failures({}, 'unknown:1', '10.0.0.9:1')).toEqual([
      '10.0.0.9:1',
      'no such host; 10.0.0.9:1 refused',
    ])
    expect(await failures({}, 'unknown:1')).toEqual(['no such host'])
  })

  it('do not wait for one whose name takes long to be looked up', async () => {
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] })
    lookups.mockImplementation(() => new Promise(() => undefined))
    const used = fakeSession('second')
    const dialing = new Dialing(dialTo('slow:1', '10.0.0.9:1'), () => Promise.resolve(used.session))
    await nextTurn()
    jest.advanceTimersByTime(50)

    expect((await dialing.session).peer).toBe('second')
  })
})
