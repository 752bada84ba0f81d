// When pings are sent and what they tell, with a clock and a session of the test's own.
import type { ClientHttp2Session } from 'node:http2'
import { Keepalive } from '../../../src/transport/http2/keepalive'

jest.mock('../../../src/async/real-time', () => jest.requireActual<object>('../../support/fakeable-time'))

type Answer = (error: Error | null) => void

interface World {
  readonly keepalive: Keepalive
  /** One for each ping that was sent. */
  readonly pings: Answer[]
  readonly lost: string[]
}

function world(timeMs = 100): World {
  const pings: Answer[] = []
  const lost: string[] = []
  const session = { ping: (answer: Answer) => pings.push(answer) > 0 } as unknown as ClientHttp2Session
  const keepalive = new Keepalive(session, { timeMs, timeoutMs: 30 }, (reason) => lost.push(reason))
  return { keepalive, pings, lost }
}

beforeEach(() => {
  jest.useFakeTimers()
})

afterEach(() => {
  jest.useRealTimers()
})

describe('keepalive', () => {
  it('pings after silence', () => {
    const { keepalive, pings } = world()
    keepalive.start()
    jest.advanceTimersByTime(99)
    expect(pings.length).toBe(0)
    jest.advanceTimersByTime(1)
    expect(pings.length).toBe(1)
  })

  it('does not ping at once where the silence may be longer than a timer of Node.js', () => {
    const { keepalive, pings } = world(2 ** 32)
    keepalive.start()
    jest.advanceTimersByTime(1_000)
    expect(pings.length).toBe(0)
  })

  it('does not ping while there is data', () => {
    const { keepalive, pings } = world()
    keepalive.start()
    for (let turn = 0; turn < 10; turn++) {
      keepalive.noteActivity()
      jest.advanceTimersByTime(100)
    }
    expect(pings.length).toBe(0)
  })

  it('does not ping without a call', () => {
    const { keepalive, pings } = world()
    keepalive.start()
    keepalive.stop()
    jest.advanceTimersByTime(1_000)
    expect(pings.length).toBe(0)
  })

  it('does not go on pinging when the call ends before the answer', () => {
    const { keepalive, pings, lost } = world()
    keepalive.start()
    jest.advanceTimersByTime(100)
    keepalive.stop()
    pings[0]?.(null)
    jest.advanceTimersByTime(1_000)
    expect([pings.length, lost]).toEqual([1, []])
  })

  it('pings no more than twice without data', () => {
    const { keepalive, pings, lost } = world()
    keepalive.start()
    for (let turn = 0; turn < 10; turn++) {
      jest.advanceTimersByTime(100)
      pings.at(-1)?.(null)
    }
    expect([pings.length, lost]).toEqual([2, []])
  })

  it('pings again after data', () => {
    const { keepalive, pings } = world()
    keepalive.start()
    for (let turn = 0; turn < 10; turn++) {
      jest.advanceTimersByTime(100)
      pings.at(-1)?.(null)
    }
    keepalive.noteActivity()
    jest.advanceTimersByTime(200)
    expect(pings.length).toBe(3)
  })

  it('reports a ping that is not answered in time', () => {
    const { keepalive, lost } = world()
    keepalive.start()
    jest.advanceTimersByTime(129)
    expect(lost).toEqual([])
    jest.advanceTimersByTime(1)
    expect(lost).toEqual(['No answer to a ping within 30 ms'])
  })
})
