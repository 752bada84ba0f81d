// When a connection counts as silent, and when not.
import { SilenceWatch } from '../../../src/protocol/silence'

jest.mock('../../../src/async/real-time', () => jest.requireActual<object>('../../support/fakeable-time'))

const SECONDS = 10

/** A server that answers probes, or not. */
class Server {
  receivedAt = performance.now()
  readonly probes: number[] = []
  reason: Error | undefined
  answers = true
  readonly begin = performance.now()

  /** Since the begin, in seconds. */
  get time(): number {
    return Math.round(performance.now() - this.begin) / 1_000
  }

  probe(): void {
    this.probes.push(this.time)
    if (this.answers) setTimeout(() => this.send(), 5)
  }

  send(): void {
    this.receivedAt = performance.now()
  }

  silent(reason: Error): void {
    this.reason = reason
  }
}

let server: Server
let watch: SilenceWatch

beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['queueMicrotask', 'nextTick'] })
  server = new Server()
  watch = new SilenceWatch(server, SECONDS)
})

afterEach(() => {
  watch.stop()
  jest.restoreAllMocks()
  jest.useRealTimers()
})

function pass(seconds: number): void {
  jest.advanceTimersByTime(seconds * 1_000)
}

it('a connection on which something comes is left alone', () => {
  for (let second = 0; second < 100; second++) {
    server.send()
    pass(1)
  }
  expect([server.probes, server.reason]).toEqual([[], undefined])
})

it('a connection without data is asked for a sign of life, again and again', () => {
  pass(35)
  expect(server.probes).toHaveLength(3)
  expect(server.reason).toBeUndefined()
})

it('a connection that does not answer is silent after twice the time', () => {
  server.answers = false
  pass(19.9)
  expect(server.reason).toBeUndefined()
  pass(0.2)
  expect(server.reason?.message).toBe('nothing came for 20 s, and no answer to a heartbeat')
  expect(server.probes).toEqual([10])
})

it('any data are a sign of life', () => {
  server.answers = false
  pass(15)
  server.send()
  pass(9)
  expect(server.reason).toBeUndefined()
  pass(12)
  expect(server.reason).toBeDefined()
})

it('a connection that answers late is left alone', () => {
  server.answers = false
  pass(19)
  server.send()
  server.answers = true
  pass(100)
  expect(server.reason).toBeUndefined()
})

it('a process that was suspended asks again before it judges', () => {
  server.answers = false
  pass(11)
  suspend(3_600)
  server.answers = true
  // Until the timer rings that was set before.
  pass(9.5)
  expect(server.probes).toHaveLength(2)
  expect(server.reason).toBeUndefined()
  pass(60)
  expect(server.reason).toBeUndefined()
})

it('what came while the event loop was blocked is read before the connection is judged', () => {
  server.answers = false
  pass(10)
  // The answer waits in the socket, which is read after the timer of the watch and before what it postpones.
  setTimeout(() => server.send(), SECONDS * 1_000)
  pass(10.5)
  expect(server.reason).toBeUndefined()
})

it('a watch that was stopped says nothing', () => {
  server.answers = false
  pass(15)
  watch.stop()
  pass(60)
  expect([server.probes, server.reason]).toEqual([[10], undefined])
})

/** Lets the clock go on without ringing timers, as for a process that does not run. */
function suspend(seconds: number): void {
  const [before, suspendedAt] = [performance.now(), jest.now()]
  jest.spyOn(performance, 'now').mockImplementation(() => before + seconds * 1_000 + jest.now() - suspendedAt)
}
