// Events that wait for a slow consumer, and what happens when there is no room for another one.
import type { Call } from '../../../src/calls/call'
import type { AnyStreamedEvent } from '../../../src/cache/events/map-event'
import { type BufferBounds, PushedEvents } from '../../../src/cache/events/pushed-events'
import type { EventRegistration } from '../../../src/cache/events/event-registration'
import { EventOverflowError } from '../../../src/errors'
import type { EntryEvent } from '../../../src/protocol/events'

/** Events of a registration, and how often the consumer was woken and the registration was removed. */
class Fixture {
  arrivals = 0
  removals = 0
  readonly events: PushedEvents<string, string>

  constructor(bounds: Partial<BufferBounds> = {}, resync = false) {
    const registration = {
      context: {
        name: 'm',
        isUsable: true,
        settings: { log: () => undefined },
        codec: { decodeKey: (bytes: Uint8Array) => Buffer.from(bytes).toString() },
        remote: { unlisten: () => Promise.resolve((this.removals += 1)) },
      },
      map: { name: 'm' },
      options: { target: { kind: 'filter' }, seesAllChanges: true, lite: false, priming: false, resync },
      createCall: () => ({ operation: 'close' }) as Call,
    } as unknown as EventRegistration<string, string>
    const all: BufferBounds = { maxEvents: 2, overflow: 'dropOldest', ...bounds }
    this.events = new PushedEvents(registration, all, () => (this.arrivals += 1))
  }

  insert(...keys: readonly string[]): void {
    for (const key of keys) this.events.event(insertOf(key))
  }

  /** All that is waiting. */
  taken(): string[] {
    const all: string[] = []
    for (let item = this.events.take(); item !== undefined; item = this.events.take()) all.push(textOf(item))
    return all
  }
}

function insertOf(key: string): EntryEvent {
  const bytes = { key: Buffer.from(key), oldValue: new Uint8Array(), newValue: Buffer.from('1') }
  return { type: 'insert', ...bytes, expired: false, synthetic: false, priming: false, versionUpdate: false }
}

function textOf(item: AnyStreamedEvent<string, string>): string {
  if (item.type === 'truncated') return item.type
  return item.type === 'gap' ? `gap ${item.reason} ${item.dropped}` : `${item.type} ${item.key}`
}

it('events, truncations and gaps are taken in the order in which they arrived', () => {
  const fixture = new Fixture({ maxEvents: 10 })
  fixture.insert('a')
  fixture.events.truncated()
  fixture.events.gap({ from: 1, to: 2 })
  fixture.insert('b')
  expect(fixture.arrivals).toBe(4)
  expect(fixture.taken()).toEqual(['insert a', 'truncated', 'gap disconnected undefined', 'insert b'])
})

it('with dropOldest a gap takes the place of the oldest', () => {
  const fixture = new Fixture()
  fixture.insert('a', 'b', 'c', 'd')
  expect(fixture.taken()).toEqual(['gap overflow 2', 'insert c', 'insert d'])
})

it('with resync one gap takes the place of all that is waiting, and the entries follow', () => {
  const fixture = new Fixture({}, true)
  fixture.insert('a', 'b', 'c', 'd')
  const gap = fixture.events.take()
  expect(gap).toMatchObject({ reason: 'overflow', dropped: 4 })
  expect(gap !== undefined && fixture.events.primed.entriesFollow(gap)).toBe(true)
  expect(fixture.taken()).toEqual([])
})

it('with resync those that are waiting at the end are taken: no entries can be read any more', () => {
  const fixture = new Fixture({}, true)
  fixture.insert('a', 'b', 'c')
  fixture.events.ended(new Error('over'))
  expect(fixture.taken()).toEqual(['gap overflow 1', 'insert b', 'insert c'])
})

it('with error one too many ends them, and removes the registration; those that are waiting are taken', () => {
  const fixture = new Fixture({ overflow: 'error' })
  fixture.insert('a', 'b', 'c', 'd')
  expect(fixture.events.end?.reason).toBeInstanceOf(EventOverflowError)
  expect(fixture.events.end?.reason).toMatchObject({ mapName: 'm', maxBufferedEvents: 2 })
  expect([fixture.removals, fixture.arrivals, fixture.taken()]).toEqual([1, 3, ['insert a', 'insert b']])
})

it('only the first end counts', () => {
  const fixture = new Fixture()
  fixture.events.ended('first')
  fixture.events.ended('second')
  fixture.events.stop()
  expect([fixture.events.end, fixture.arrivals]).toEqual([{ reason: 'first' }, 1])
})

it('without a registration nothing is waiting, and nothing is kept', async () => {
  const fixture = new Fixture()
  fixture.insert('a')
  await fixture.events.unregister()
  fixture.insert('b')
  fixture.events.truncated()
  expect([fixture.removals, fixture.events.end, fixture.taken()]).toEqual([1, { reason: undefined }, []])
})
