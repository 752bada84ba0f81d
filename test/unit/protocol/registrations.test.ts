// The registrations of one cache: what answers of earlier streams may not do, and what needs no stream.
import type { Call } from '../../../src/calls/call'
import type { EventSink, Interval, ListenTarget } from '../../../src/protocol/events'
import { type Register, Registrations } from '../../../src/protocol/registrations/registrations'
import { StreamLost } from '../../../src/protocol/stream-lost'

const CALL: Call = {
  operation: 'listen',
  mapName: 'm',
  timeoutSeconds: 5,
  deadline: Infinity,
  signal: undefined,
}
const LOST = new StreamLost(new Error('cut'), true)
const EVENT = { type: 'insert', key: bytes('"k"'), oldValue: bytes(''), newValue: bytes('1') } as const
const FLAGS = { expired: false, synthetic: false, priming: false, versionUpdate: false } as const

function bytes(text: string): Buffer {
  return Buffer.from(`\x15${text}`)
}

class Heard implements EventSink {
  readonly lite = false
  events = 0
  readonly gaps: Interval[] = []
  event(): void {
    this.events += 1
  }
  truncated(): void {
    // Nothing is truncated here.
  }
  interrupted(): void {
    // The gap says it.
  }
  gap(gap: Interval): void {
    this.gaps.push(gap)
  }
  ended(): void {
    // Nobody waits for it.
  }
}

/** A stream that answers each registration when the test says so. */
function stream(): { readonly register: Register; readonly answer: (() => void)[] } {
  const answer: (() => void)[] = []
  return { answer, register: () => new Promise((resolve) => answer.push(resolve)) }
}

function all(): ListenTarget {
  return { kind: 'filter', events: { query: {}, bytes: bytes('{}'), encode: () => bytes('{}') } }
}

/** Lets promises go on that are settled. */
async function turn(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve))
}

it('a late answer of an earlier stream does not end the registration on the current one', async () => {
  const registrations = new Registrations((target) => target)
  const heard = new Heard()
  const earlier = stream()
  await registrations.restore(earlier.register, CALL)
  const failed = registrations.add(all(), heard, CALL)
  registrations.lost(LOST)
  await expect(failed).rejects.toBe(LOST)

  const current = stream()
  await registrations.restore(current.register, CALL)
  registrations.restored()
  const added = registrations.add(all(), heard, CALL)
  current.answer[0]?.()
  await added
  earlier.answer[0]?.()
  await turn()

  registrations.dispatch({ ...EVENT, ...FLAGS }, [1])
  expect(heard.events).toBe(1)
})

it('a listener that is removed without a stream is removed at once', async () => {
  const registrations = new Registrations((target) => target)
  const heard = new Heard()
  const first = stream()
  await registrations.restore(first.register, CALL)
  const added = registrations.add(all(), heard, CALL)
  first.answer[0]?.()
  await added
  registrations.lost(LOST)

  await registrations.remove(all(), heard, { ...CALL, deadline: 0 })

  const second = stream()
  await registrations.restore(second.register, CALL)
  expect(second.answer).toEqual([])
})
