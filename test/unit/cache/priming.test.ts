// Which of what was read and what events tell is passed on, so that a listener ends with what is there.
import * as fc from 'fast-check'
import { byBytes, GRACE_MS, Priming, type PrimingFacts } from '../../../src/cache/events/priming'
import type { EntryEvent } from '../../../src/protocol/events'

jest.mock('../../../src/async/real-time', () => jest.requireActual<object>('../../support/fakeable-time'))

const FACTS: PrimingFacts = { identify: byBytes, seesAllChanges: true, isPrompt: true }
const KEY = bytes('k')

function bytes(text: string): Uint8Array {
  return Buffer.from(text)
}

function entry(value: string, key = 'k'): { key: Uint8Array; value: Uint8Array } {
  return { key: bytes(key), value: bytes(value) }
}

/** A change of the one key; `undefined` where there is no entry. */
function change(before: string | undefined, after: string | undefined, isLite = false): EntryEvent {
  const type = before === undefined ? 'insert' : after === undefined ? 'delete' : 'update'
  const value = (text: string | undefined): Uint8Array => bytes(isLite ? '' : (text ?? 'null'))
  const flags = { expired: false, synthetic: false, priming: false, versionUpdate: false }
  return { type, key: KEY, oldValue: value(before), newValue: value(after), ...flags }
}

describe('an entry that was read', () => {
  it('is reported where there was no event of its key', () => {
    const priming = new Priming(FACTS)
    expect(priming.admitsEntry(entry('1'))).toBe(true)
  })

  it('is not reported where an event came first', () => {
    const priming = new Priming(FACTS)
    expect([priming.admitsEvent(change('1', '2')), priming.admitsEntry(entry('1'))]).toEqual([true, false])
  })

  it('is not reported twice where all are read again; a change in between has its event', () => {
    const priming = new Priming(FACTS)
    const told = [
      priming.admitsEntry(entry('1')),
      priming.admitsEntry(entry('1')),
      priming.admitsEntry(entry('2')),
      priming.admitsEvent(change('1', '2')),
      priming.admitsEntry(entry('2')),
      priming.admitsEntry(entry('3')),
      priming.admitsEvent(change('2', '3')),
    ]
    expect(told).toEqual([true, false, false, true, false, false, true])
  })

  it('is not reported after a truncation that came while entries were read', () => {
    const priming = new Priming(FACTS)
    priming.truncated()
    expect([priming.isReading, priming.admitsEntry(entry('1'))]).toEqual([false, false])
  })
})

describe('an event of a key whose entry was reported', () => {
  const primed = (facts: Partial<PrimingFacts> = {}): Priming => {
    const priming = new Priming({ ...FACTS, ...facts })
    priming.admitsEntry(entry('2'))
    return priming
  }

  it('is reported where it changes the value that was read, and so are those after it', () => {
    const priming = primed()
    expect([priming.admitsEvent(change('2', '3')), priming.admitsEvent(change('3', '4'))]).toEqual([
      true,
      true,
    ])
  })

  it('is not reported where it led to the value that was read; those after it are', () => {
    const priming = primed()
    expect([priming.admitsEvent(change('1', '2')), priming.admitsEvent(change('2', '3'))]).toEqual([
      false,
      true,
    ])
  })

  it('is not reported where it came before that one', () => {
    const priming = primed()
    const events = [change('0', '1'), change('1', undefined), change(undefined, '2'), change('2', '3')]
    expect(events.map((event) => priming.admitsEvent(event))).toEqual([false, false, false, true])
  })

  it('is reported where it writes the same value again', () => {
    expect(primed().admitsEvent(change('2', '2'))).toBe(true)
  })

  it('is reported where it inserts the key that was absent', () => {
    const priming = new Priming(FACTS)
    priming.admitsEntry({ key: KEY, value: bytes('') })
    expect([priming.admitsEvent(change(undefined, '1')), priming.admitsEvent(change('1', '2'))]).toEqual([
      true,
      true,
    ])
  })

  it('is not reported where it is the deletion that made the key absent', () => {
    const priming = new Priming(FACTS)
    priming.admitsEntry({ key: KEY, value: bytes('') })
    expect([
      priming.admitsEvent(change('1', undefined)),
      priming.admitsEvent(change(undefined, '2')),
    ]).toEqual([false, true])
  })

  it('is reported where not all kinds of change are seen, even if it led to the value that was read', () => {
    const blind = { seesAllChanges: false }
    expect([
      primed(blind).admitsEvent(change('5', undefined)),
      primed(blind).admitsEvent(change('5', '2')),
    ]).toEqual([true, true])
  })

  it('is reported where it has no values', () => {
    expect(primed().admitsEvent(change('5', '6', true))).toBe(true)
  })

  it('is reported after a gap, whatever it is', () => {
    const priming = primed()
    priming.gap()
    expect(priming.admitsEvent(change('5', '6'))).toBe(true)
  })

  it('is reported after a truncation', () => {
    const priming = primed()
    priming.truncated()
    expect(priming.admitsEvent(change(undefined, '6'))).toBe(true)
  })

  it('compares long values too', () => {
    const long = (last: string): string => `${'x'.repeat(10_000)}${last}`
    const priming = new Priming(FACTS)
    priming.admitsEntry(entry(long('2')))
    expect([
      priming.admitsEvent(change(long('0'), long('1'))),
      priming.admitsEvent(change(long('1'), long('2'))),
      priming.admitsEvent(change(long('2'), long('3'))),
    ]).toEqual([false, false, true])
  })
})

describe('what is kept in memory', () => {
  beforeEach(() => {
    jest.useFakeTimers()
  })
  afterEach(() => {
    jest.useRealTimers()
  })

  it('is nothing some time after all was read', () => {
    const priming = new Priming(FACTS)
    for (let key = 0; key < 100; key++) priming.admitsEntry(entry('1', String(key)))
    priming.finished()
    expect(priming.keysHeld).toBe(100)
    jest.advanceTimersByTime(GRACE_MS)
    expect(priming.keysHeld).toBe(0)
  })

  it('is what was read in the last seconds, however much is read', () => {
    const priming = new Priming(FACTS)
    let most = 0
    for (let key = 0; key < 10_000; key++) {
      jest.advanceTimersByTime(GRACE_MS / 100)
      priming.admitsEntry(entry('1', String(key)))
      most = Math.max(most, priming.keysHeld)
    }
    expect(most).toBeLessThanOrEqual(202)
  })

  it('is kept for a consumer that is behind until it has caught up', () => {
    const priming = new Priming({ ...FACTS, isPrompt: false })
    priming.admitsEntry(entry('2'))
    priming.finished()
    jest.advanceTimersByTime(100 * GRACE_MS)
    expect(priming.admitsEvent(change('0', '1'))).toBe(false)
    priming.caughtUp()
    expect(priming.keysHeld).toBe(0)
  })
})

it('leaves a listener with what is there, whenever it is read and whenever that comes', () => {
  const values = fc.array(fc.option(fc.constantFrom('a', 'b', 'c'), { nil: undefined }), {
    minLength: 1,
    maxLength: 12,
  })
  fc.assert(
    fc.property(values, fc.nat(), fc.nat(), fc.boolean(), (states, readAt, toldAt, seesAllChanges) => {
      const priming = new Priming({ identify: byBytes, seesAllChanges, isPrompt: true })
      const seen = new Seen()
      const read = readAt % states.length
      // It comes before events of changes that are in it, or after events of changes that are not.
      const told = toldAt % states.length
      for (let at = 0; at < states.length; at++) {
        if (at > 0 && !(states[at - 1] === undefined && states[at] === undefined)) {
          const event = change(states[at - 1], states[at])
          if (priming.admitsEvent(event)) seen.event(states[at])
        }
        if (at !== told) continue
        const value = states[read]
        if (priming.admitsEntry(entry(value ?? ''))) seen.event(value)
        priming.finished()
      }
      expect(seen.value).toBe(states.at(-1))
    }),
    { numRuns: 2_000 },
  )
})

class Seen {
  value: string | undefined

  event(value: string | undefined): void {
    this.value = value
  }
}
