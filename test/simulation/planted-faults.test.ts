// The simulation finds what it is for: each of these faults is planted in the client, and found within 10,000 steps.
import { Deadlines } from '../../src/async/deadlines'
import { WriteOrder } from '../../src/cache/entries/write-order'
import { PushedEvents } from '../../src/cache/events/pushed-events'
import { Registrations } from '../../src/protocol/registrations/registrations'
import { DedicatedStream } from '../../src/protocol/v1/cache/dedicated-stream'
import { PendingRequest } from '../../src/protocol/v1/cache/pending-request'
import { V1RemoteCache } from '../../src/protocol/v1/cache/remote-cache'
import { SubChannel } from '../../src/protocol/v1/stream/sub-channel'
import { type Result, shrunk, simulate } from './run'
import { Stream } from './network'
import * as time from './virtual-time'

const MOST_STEPS = 10_000
const STEPS = 1250

afterEach(() => jest.restoreAllMocks())

/** Replaces a method by one that may call it. */
function replaced<T extends object>(
  prototype: T,
  name: keyof T,
  by: (real: (...args: unknown[]) => unknown, self: T, ...args: unknown[]) => unknown,
): void {
  const real = prototype[name] as unknown as (...args: unknown[]) => unknown
  const replacement = function (this: T, ...args: unknown[]): unknown {
    return by((...others) => real.apply(this, others), this, ...args)
  }
  jest.spyOn(prototype, name as never).mockImplementation(replacement as never)
}

const faults: [string, () => void, RegExp][] = [
  [
    'a write is sent again after its connection was lost',
    () => replaced(PendingRequest.prototype, 'lost', (real, _, reason) => real(reason, false)),
    /was written twice|was incremented|after a later write|it was made/,
  ],
  [
    'an error says that a write was not sent that was',
    () => jest.spyOn(PendingRequest.prototype, 'outcome', 'get').mockReturnValue('not-sent'),
    /is not-sent, but it was made|was incremented|\(not-sent\)/,
  ],
  [
    'the order of writes of a key is not kept',
    () =>
      replaced(WriteOrder.prototype, 'write', (_real, _self, _keys, call, run) =>
        (run as (c: unknown) => unknown)(call),
      ),
    /after a later write/,
  ],
  [
    'a listener gets no gap',
    () => replaced(PushedEvents.prototype, 'gap', () => undefined),
    /missed .* outside of its gaps|a mirror holds/,
  ],
  [
    'a gap begins when the connection is lost',
    () =>
      jest
        .spyOn(SubChannel.prototype, 'completeUntil', 'get')
        .mockImplementation(() => time.wallClock() + 1_000),
    /missed .* outside of its gaps/,
  ],
  [
    'listeners are not registered again',
    () => replaced(Registrations.prototype, 'restore', () => Promise.resolve()),
    /missed|never settled|listen at|ended before its time/,
  ],
  [
    'an event is delivered twice',
    () => replaced(PushedEvents.prototype, 'event', (real, _, event) => [real(event), real(event)]),
    /twice, late or for no reason/,
  ],
  [
    'a deadline is forgotten',
    () => replaced(Deadlines.prototype, 'add', () => undefined),
    /settled after|never settled/,
  ],
  [
    'a timer is not cleared',
    () => jest.spyOn(time, 'clearTimeout').mockImplementation(() => undefined),
    /timers are left|goes on for ever/,
  ],
  [
    'a connection that is silent is not noticed',
    () => jest.spyOn(SubChannel.prototype, 'receivedAt', 'get').mockImplementation(() => time.now()),
    /the last request|missed/,
  ],
  [
    'a stream is not closed',
    () => replaced(DedicatedStream.prototype, 'close', () => undefined),
    /streams are open for nothing/,
  ],
  [
    'an entry is left out',
    () =>
      replaced(V1RemoteCache.prototype, 'getAll', (real, _, keys, visit, call) => {
        let count = 0
        const leave = (...entry: unknown[]): void => {
          if (++count % 5 !== 0) (visit as (...entry: unknown[]) => void)(...entry)
        }
        return real(keys, leave, call)
      }),
    /getAll of .* which it had not|get of .* which it had not/,
  ],
  [
    'the network delivers an answer twice and in the wrong place',
    () => replaced(Stream.prototype, 'send', (real, _, message) => [real(message), real(message)]),
    /./,
  ],
]

it.each(faults)('finds that %s', async (_, plant, expected) => {
  plant()
  const found = await firstFailure()
  expect(found?.violations.join('\n')).toMatch(expected)
})

it('leaves out the faults that a failure does not need', async () => {
  replaced(PushedEvents.prototype, 'gap', () => undefined)
  const failed = await firstFailure()
  if (failed === undefined) throw new Error('nothing failed')
  const smallest = await shrunk(failed, STEPS)
  expect(smallest.violations).not.toEqual([])
  expect(smallest.faults.size).toBeLessThan(Math.min(5, failed.faults.size))
})

/** The first seed that fails; `undefined` if none does within so many steps. */
async function firstFailure(): Promise<Result | undefined> {
  let steps = 0
  for (let seed = 1; steps < MOST_STEPS; seed++) {
    const result = await simulate({ seed, steps: STEPS })
    if (result.violations.length > 0) return result
    steps += STEPS
  }
  return undefined
}
