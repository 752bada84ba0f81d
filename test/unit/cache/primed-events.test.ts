// What a listener gets of the entries that are present, and of the events of a source.
import type { Call } from '../../../src/calls/call'
import type { CheckedListenOptions } from '../../../src/cache/events/listen-options'
import type { AnyStreamedEvent } from '../../../src/cache/events/map-event'
import { PrimedEvents } from '../../../src/cache/events/primed-events'
import type { EventRegistration } from '../../../src/cache/events/event-registration'
import { ConnectionError } from '../../../src/errors'
import type { EntryEvent } from '../../../src/protocol/events'
import type { EntryBytes } from '../../../src/protocol/port'
import { fakeElements } from '../../support/fake-elements'

const CALL: Call = {
  operation: 'listen',
  mapName: 'm',
  timeoutSeconds: 1,
  deadline: Infinity,
  signal: undefined,
}
const INTERVAL = { from: 1, to: 2 }
const ENTRIES = [entry('a', '1'), entry('b', '2')]

type Registration = EventRegistration<string, string>

function entry(key: string, value: string): EntryBytes {
  return { key: Buffer.from(key), value: Buffer.from(value) }
}

function update(key: string, oldValue: string, newValue: string): EntryEvent {
  const bytes = { key: Buffer.from(key), oldValue: Buffer.from(oldValue), newValue: Buffer.from(newValue) }
  return { type: 'update', ...bytes, expired: false, synthetic: false, priming: false, versionUpdate: false }
}

/** A registration on a map whose entries are what `read` yields. */
function registrationOf(
  options: Partial<CheckedListenOptions<string>>,
  read: () => AsyncIterable<EntryBytes> | Iterable<EntryBytes> = () => ENTRIES,
): Registration {
  const codec = {
    decodeKey: (bytes: Uint8Array) => Buffer.from(bytes).toString(),
    decodeValue: (bytes: Uint8Array) => Buffer.from(bytes).toString(),
  }
  const queries = {
    queryEntries: () => fakeElements(read()),
  }
  return {
    context: {
      name: 'm',
      settings: { log: () => undefined },
      codec,
      remote: { queries },
      encodeOptionalQuery: () => undefined,
    },
    map: { name: 'm' },
    options: { target: { kind: 'filter' }, seesAllChanges: true, lite: false, ...options },
    createCall: () => CALL,
  } as unknown as Registration
}

async function presentOf(events: PrimedEvents<string, string>): Promise<unknown[]> {
  const all: unknown[] = []
  for await (const event of events.present(CALL)) all.push(textOf(event))
  return all
}

function textOf(event: AnyStreamedEvent<string, string> | undefined): string {
  if (event === undefined) return 'nothing'
  if (event.type === 'gap' || event.type === 'truncated') return event.type
  return `${event.priming ? 'priming ' : ''}${event.type} ${event.key} ${event.newValue}`
}

it('with priming the entries that are present follow on the registration', async () => {
  const events = new PrimedEvents(registrationOf({ priming: true }), true)
  expect(events.entriesFollow('registration')).toBe(true)
  expect(await presentOf(events)).toEqual(['priming update a 1', 'priming update b 2'])
})

it.each([{}, { resync: true }])('with %j they do not', async (options) => {
  const events = new PrimedEvents(registrationOf(options), true)
  expect([events.entriesFollow('registration'), await presentOf(events)]).toEqual([false, []])
})

it('with resync they follow on the last gap, and on nothing else', async () => {
  const events = new PrimedEvents(registrationOf({ resync: true }), true)
  const [first, last] = [events.gap(INTERVAL), events.gap(INTERVAL)]
  expect([first, last, events.truncated()].map((item) => events.entriesFollow(item))).toEqual([
    false,
    true,
    false,
  ])
  expect(last).toMatchObject({ from: new Date(1), to: new Date(2), reason: 'disconnected' })
})

it('with resync a gap before they were read moves them behind it', async () => {
  const events = new PrimedEvents(registrationOf({ priming: true, resync: true }), true)
  const gap = events.gap(INTERVAL)
  expect([events.entriesFollow('registration'), events.entriesFollow(gap)]).toEqual([false, true])
  expect(await presentOf(events)).toHaveLength(2)
})

it('without resync they do not follow on a gap', () => {
  const events = new PrimedEvents(registrationOf({ priming: true }), true)
  expect(events.entriesFollow(events.gap(INTERVAL))).toBe(false)
})

it('an event that is older than the entry that was read is left out', async () => {
  const events = new PrimedEvents(registrationOf({ priming: true }), true)
  await presentOf(events)
  const all = [update('a', '0', '1'), update('a', '1', '2'), update('c', '0', '1')]
  expect(all.map((event) => textOf(events.event(event)))).toEqual(['nothing', 'update a 2', 'update c 1'])
  events.stop()
})

it('an entry of a key whose event came before it was read is left out', async () => {
  const events = new PrimedEvents(registrationOf({ priming: true }), true)
  expect(textOf(events.event(update('a', '0', '1')))).toBe('update a 1')
  expect(await presentOf(events)).toEqual(['priming update b 2'])
})

const ENDS: readonly (readonly [string, (events: PrimedEvents<string, string>) => unknown])[] = [
  ['another gap', (events) => events.gap(INTERVAL)],
  ['a lost connection', (events) => events.interrupted()],
  ['the end of the registration', (events) => events.stop()],
]
describe.each(ENDS)('%s while entries are read', (_what, happen) => {
  it('ends the reading', async () => {
    const events = new PrimedEvents(registrationOf({ priming: true, resync: true }), true)
    const reading = events.present(CALL)
    await reading.next()
    happen(events)
    expect(await reading.next()).toEqual({ done: true, value: undefined })
  })

  it('hides the failure of the reading', async () => {
    const failure = new ConnectionError('lost', { address: 'a', outcome: 'unknown' })
    const read = function* (): Generator<EntryBytes> {
      yield entry('a', '1')
      throw failure
    }
    const events = new PrimedEvents(registrationOf({ priming: true, resync: true }, read), true)
    const reading = events.present(CALL)
    await reading.next()
    happen(events)
    expect(await reading.next()).toEqual({ done: true, value: undefined })
  })
})

it('entries are read again if their stream is lost, and each comes once', async () => {
  let attempts = 0
  const read = function* (): Generator<EntryBytes> {
    yield entry('a', '1')
    if (++attempts === 1) throw new ConnectionError('lost', { address: 'a', outcome: 'unknown' })
    yield entry('b', '2')
  }
  const events = new PrimedEvents(registrationOf({ priming: true }, read), true)
  expect(await presentOf(events)).toEqual(['priming update a 1', 'priming update b 2'])
  expect(attempts).toBe(2)
})

it('a failure of the reading that is no lost stream is thrown', async () => {
  const read = (): never => {
    throw new Error('refused')
  }
  const events = new PrimedEvents(registrationOf({ priming: true }, read), true)
  await expect(presentOf(events)).rejects.toThrow('refused')
})
