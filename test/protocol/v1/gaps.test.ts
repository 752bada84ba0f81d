// When a gap begins. That an event arrives says nothing about when it was sent: it may have been held up on its way, and
// others behind it. Only an answer says so: what was sent before the request arrived has arrived.
import { type NamedCache, Session } from 'coherence-ts'
import type * as RealTime from '../../../src/async/real-time'
import { eventually } from '../../support/eventually'
import { type FakeWorld, fakeWorld } from '../../support/fake-world'

const mockTime = { skippedMillis: 0 }

jest.mock('../../../src/async/real-time', () => {
  const real = jest.requireActual<typeof RealTime>('../../../src/async/real-time')
  return {
    ...real,
    now: () => real.now() + mockTime.skippedMillis,
    wallClock: () => real.wallClock() + mockTime.skippedMillis,
  }
})

const LATE_MILLIS = 5_000
/** How much earlier than what is certain a gap begins. */
const MARGIN_MILLIS = 1_000

interface Gap {
  readonly from: Date
  readonly to: Date
}

let world: FakeWorld<string, number>
let other: Session
let its: NamedCache<string, number>

beforeEach(async () => {
  world = await fakeWorld('m')
  other = await Session.create({ address: world.proxy.address })
  its = await other.getCache('m')
})

afterEach(async () => {
  await other.close()
  await world[Symbol.asyncDispose]()
})

function time(): number {
  return Date.now() + mockTime.skippedMillis
}

type Listen = (heard: number[], gaps: Gap[]) => Promise<() => Promise<unknown>>

const WAYS: readonly (readonly [string, Listen])[] = [
  [
    'a listener',
    async (heard, gaps) => {
      const subscription = await world.map.listen({
        onAny: ({ newValue }) => heard.push(newValue ?? 0),
        onGap: (gap) => gaps.push(gap),
      })
      return () => subscription.close()
    },
  ],
  [
    'a stream',
    async (heard, gaps) => {
      const stream = world.map.events()
      await stream.ready
      const consumed = (async () => {
        for await (const item of stream) {
          if (item.type === 'gap') gaps.push(item)
          else if (item.type !== 'truncated') heard.push(item.newValue ?? 0)
        }
      })()
      return () => Promise.all([stream.close(), consumed])
    },
  ],
]

describe.each(WAYS)('a gap of %s', (_, listen) => {
  it('begins before an event that may have been late, as later ones may be missing', async () => {
    const [heard, gaps]: [number[], Gap[]] = [[], []]
    const close = await listen(heard, gaps)
    const registeredAt = time()
    world.proxy.onHeartbeat(() => undefined)
    mockTime.skippedMillis += LATE_MILLIS
    await its.set('k', 1)
    await eventually(() => heard.length === 1)

    await world.proxy.cut()

    await eventually(() => gaps.length === 1)
    expect(gaps[0]?.from.getTime()).toBeLessThanOrEqual(registeredAt)
    expect(gaps[0]?.to.getTime()).toBeGreaterThanOrEqual(registeredAt + LATE_MILLIS)
    await close()
  })

  it('begins a second before the last event, if the server says then that nothing was held up', async () => {
    const [heard, gaps]: [number[], Gap[]] = [[], []]
    const close = await listen(heard, gaps)
    mockTime.skippedMillis += LATE_MILLIS
    const beganAt = time()
    const answered = new Promise<void>((resolve) => {
      world.proxy.onHeartbeat((stream, id) => {
        stream.send(id, { $case: 'heartbeat', value: { uuid: undefined, ack: false } })
        resolve()
      })
    })
    await its.set('k', 1)
    await eventually(() => heard.length === 1)
    await answered
    // It comes after the answer.
    await its.set('k', 2)
    await eventually(() => heard.length === 2)
    mockTime.skippedMillis += LATE_MILLIS

    await world.proxy.cut()

    await eventually(() => gaps.length === 1)
    expect(gaps[0]?.from.getTime()).toBeGreaterThanOrEqual(beganAt - MARGIN_MILLIS)
    expect(gaps[0]?.from.getTime()).toBeLessThanOrEqual(beganAt + LATE_MILLIS - MARGIN_MILLIS)
    await close()
  })

  it('does not begin before the end of the gap before it', async () => {
    const [heard, gaps]: [number[], Gap[]] = [[], []]
    const close = await listen(heard, gaps)
    await world.proxy.cut()
    await eventually(() => gaps.length === 1)
    await world.proxy.cut()
    await eventually(() => gaps.length === 2)
    expect(gaps[1]?.from.getTime()).toBeGreaterThanOrEqual(gaps[0]?.to.getTime() ?? Infinity)
    await close()
  })
})
