// The oracle of the tests that let things go wrong: it accepts what may happen, and finds each kind of violation.
import { Oracle } from '../../support/oracle/oracle'
import type { HeardEvent, HeardEvents, HearingOptions } from '../../support/oracle/heard-events'
import type { LedgerOptions } from '../../support/oracle/ledger'
import type { Outcome, Seen, WriteRecord } from '../../support/oracle/write-record'

const KEY = 'k'

/** An oracle, and what happens to one key: each step takes a millisecond. */
class World {
  readonly oracle: Oracle
  readonly #final = new Map<string, number>()
  #now = 0

  constructor(options?: LedgerOptions) {
    this.oracle = new Oracle(options)
  }

  get now(): number {
    return this.#now
  }

  tick(millis = 1): number {
    return (this.#now += millis)
  }

  begin(): WriteRecord {
    return this.oracle.ledger.write(KEY, this.tick())
  }

  acknowledge(record: WriteRecord, ...found: [Seen?]): void {
    const [value] = found
    this.oracle.ledger.acknowledged(record, this.tick(), found.length === 0 ? undefined : { value })
  }

  fail(record: WriteRecord, outcome: Outcome): void {
    this.oracle.ledger.failed(record, outcome, this.tick())
  }

  /** A write that is acknowledged. */
  write(): WriteRecord {
    const record = this.begin()
    this.acknowledge(record)
    return record
  }

  /** A removal that is acknowledged. */
  remove(found: number): void {
    this.acknowledge(this.oracle.ledger.remove(KEY, this.tick()), found)
  }

  read(found: Seen): void {
    this.oracle.ledger.answered(this.oracle.ledger.read(KEY), found, this.tick())
  }

  listen(options: HearingOptions = { knowsStart: true }): HeardEvents {
    return this.oracle.listener('L', this.tick(), options)
  }

  /** What is wrong if the key has this value at the end, and the counter that one. */
  violations(value: Seen, count?: number): string[] {
    if (value !== undefined) this.#final.set(KEY, value)
    return this.oracle.violations({
      entries: this.#final,
      counters: new Map(count === undefined ? [] : [['c', count]]),
    })
  }
}

function inserted(newValue: number): HeardEvent {
  return { type: 'insert', key: KEY, oldValue: undefined, newValue, priming: false }
}

function updated(oldValue: number, newValue: number): HeardEvent {
  return { type: 'update', key: KEY, oldValue, newValue, priming: false }
}

function deleted(oldValue: number): HeardEvent {
  return { type: 'delete', key: KEY, oldValue, newValue: undefined, priming: false }
}

function primed(newValue: Seen): HeardEvent {
  return { type: 'update', key: KEY, oldValue: undefined, newValue, priming: true }
}

type Story = (world: World) => Seen

/** Accepted as they are, and also if all that ended is forgotten before the end. */
const ACCEPTED: [string, Story][] = [
  [
    'writes that are all there',
    (world) => {
      world.write()
      world.write()
      return 2
    },
  ],
  [
    'a write of unknown fate that took effect',
    (world) => {
      world.write()
      world.fail(world.begin(), 'unknown')
      return 2
    },
  ],
  [
    'a write of unknown fate that took none',
    (world) => {
      world.write()
      world.fail(world.begin(), 'unknown')
      return 1
    },
  ],
  [
    'a write that was not sent, and is not there',
    (world) => {
      world.write()
      world.fail(world.begin(), 'not-sent')
      return 1
    },
  ],
  [
    'writes in flight together that are acknowledged in another order',
    (world) => {
      const [first, second] = [world.begin(), world.begin()]
      world.acknowledge(second, 1)
      world.acknowledge(first, undefined)
      return 2
    },
  ],
  [
    'a write that is declined for what is there',
    (world) => {
      world.write()
      world.oracle.ledger.declined(world.begin(), world.tick(), { value: 1 })
      return 1
    },
  ],
  [
    'a removal',
    (world) => {
      world.write()
      world.remove(1)
      world.read(undefined)
      return undefined
    },
  ],
  [
    'a read that sees a write in flight',
    (world) => {
      world.write()
      const record = world.begin()
      world.read(2)
      world.read(1)
      world.acknowledge(record)
      return 2
    },
  ],
  [
    'a listener that gets everything',
    (world) => {
      const heard = world.listen()
      world.write()
      heard.event(inserted(1), world.tick())
      world.write()
      heard.event(updated(1, 2), world.tick())
      world.remove(2)
      heard.event(deleted(2), world.tick())
      return undefined
    },
  ],
  [
    'a removal after a write that was declined, and after one of unknown fate',
    (world) => {
      const heard = world.listen()
      world.write()
      heard.event(inserted(1), world.tick())
      world.oracle.ledger.declined(world.begin(), world.tick(), { value: 1 })
      world.fail(world.begin(), 'unknown')
      world.remove(1)
      heard.event(deleted(1), world.tick())
      return undefined
    },
  ],
  [
    'an event that is missing within a gap',
    (world) => {
      const heard = world.listen()
      const from = world.tick()
      world.write()
      heard.gap(from, world.now, world.tick())
      world.write()
      heard.event(updated(1, 2), world.tick())
      return 2
    },
  ],
  [
    'events out of order before a gap that contains them',
    (world) => {
      const heard = world.listen()
      world.write()
      world.write()
      const from = world.tick()
      heard.event(updated(1, 2), world.tick())
      heard.event(inserted(1), world.tick())
      heard.gap(from, world.now, world.tick())
      return 2
    },
  ],
  [
    'an entry that is read after a gap in the place of an event',
    (world) => {
      const heard = world.listen({ knowsStart: true, resync: true })
      const from = world.tick()
      heard.gap(from, world.tick(), world.tick())
      world.write()
      heard.event(primed(1), world.tick())
      return 1
    },
  ],
  [
    'a listener with a filter that gets what it accepts',
    (world) => {
      const heard = world.listen({ knowsStart: true, accepts: (value) => value > 1 })
      world.write()
      world.write()
      heard.event(updated(1, 2), world.tick())
      return 2
    },
  ],
  [
    'a lite listener that gets everything',
    (world) => {
      const heard = world.listen({ knowsStart: true, lite: true })
      world.write()
      heard.event({ ...inserted(1), newValue: undefined }, world.tick())
      world.remove(1)
      heard.event({ ...deleted(1), oldValue: undefined }, world.tick())
      return undefined
    },
  ],
  [
    'writes before a listener is there, and after it is gone',
    (world) => {
      world.write()
      const heard = world.listen({})
      heard.ended(world.tick())
      world.write()
      return 2
    },
  ],
  [
    'a gap of events that were too many',
    (world) => {
      const heard = world.listen()
      world.oracle.outage(world.tick(), world.tick())
      const from = world.tick()
      world.write()
      heard.gap(from, world.now, world.tick(), 'overflow')
      return 1
    },
  ],
  [
    'a listener whose registration takes a while',
    (world) => {
      const heard = world.listen({})
      heard.started(Infinity)
      world.write()
      heard.started(world.tick())
      world.write()
      heard.event(updated(1, 2), world.tick())
      return 2
    },
  ],
  [
    'a gap in an outage',
    (world) => {
      const heard = world.listen()
      const from = world.tick()
      world.oracle.outage(from, world.tick())
      heard.gap(from, world.now, world.tick())
      return undefined
    },
  ],
]

const REFUSED: [string, Story, string[]][] = [
  [
    'an acknowledged write that is lost',
    (world) => {
      world.write()
      world.write()
      return 1
    },
    ['k is 1 at the end, not 2; write 2 of k, acknowledged, 3 to 4'],
  ],
  [
    'a write that was not sent, and is there',
    (world) => {
      world.write()
      world.fail(world.begin(), 'not-sent')
      return 2
    },
    ['k is 2 at the end, not 1; write 1 of k, acknowledged, 1 to 2'],
  ],
  [
    'a write of unknown fate that comes after one that overrules it',
    (world) => {
      world.fail(world.begin(), 'unknown')
      world.write()
      return 1
    },
    ['k is 1 at the end, not 2; write 2 of k, acknowledged, 3 to 4'],
  ],
  [
    'writes in flight together that took effect in another order',
    (world) => {
      const [first, second] = [world.begin(), world.begin()]
      world.acknowledge(first, 2)
      world.acknowledge(second, undefined)
      return 2
    },
    [
      'write 1 of k, acknowledged, 1 to 3, found 2, not undefined',
      'write 2 of k, acknowledged, 2 to 4, found undefined, not 1',
    ],
  ],
  [
    'a write that has not ended',
    (world) => {
      world.begin()
      return 1
    },
    ['has not ended: write 1 of k, pending, 1 to Infinity'],
  ],
  [
    'a write that ended twice',
    (world) => {
      world.fail(world.write(), 'unknown')
      return 1
    },
    ['ended twice, now as unknown at 3: write 1 of k, acknowledged, 1 to 2'],
  ],
  [
    'a value that was never written',
    (world) => {
      world.read(5)
      return undefined
    },
    ['a read found 5 of k at 1, which was never written'],
  ],
  [
    'a read that misses an acknowledged write',
    (world) => {
      world.write()
      world.write()
      world.read(1)
      return 2
    },
    ['a read found 1 of k at 5, after write 2 of k, acknowledged, 3 to 4'],
  ],
  [
    'a read that finds nothing where a write was acknowledged',
    (world) => {
      world.write()
      world.read(undefined)
      return 1
    },
    ['a read found undefined of k at 3, after write 1 of k, acknowledged, 1 to 2'],
  ],
  [
    'a read of a write that turns out not to be sent',
    (world) => {
      const record = world.begin()
      world.read(1)
      world.fail(record, 'not-sent')
      return undefined
    },
    ['seen, but: write 1 of k, not-sent, 1 to 3'],
  ],
  [
    'a write that was declined, and is there',
    (world) => {
      world.oracle.ledger.declined(world.begin(), world.tick())
      return 1
    },
    ['k is 1 at the end, not undefined'],
  ],
  [
    'a write that was declined for what is not there',
    (world) => {
      world.write()
      world.oracle.ledger.declined(world.begin(), world.tick(), { value: undefined })
      return 1
    },
    ['write 2 of k, declined, 3 to 4, found undefined, not 1'],
  ],
  [
    'an event that is missing',
    (world) => {
      const heard = world.listen()
      world.write()
      world.write()
      heard.event(inserted(2), world.tick())
      return 2
    },
    ['L has no event and no gap: write 1 of k, acknowledged, 2 to 3'],
  ],
  [
    'the event of a removal that is missing',
    (world) => {
      const heard = world.listen()
      world.write()
      heard.event(inserted(1), world.tick())
      world.remove(1)
      return undefined
    },
    [
      'L holds 1 of k at the end, where undefined is',
      'L has no event and no gap: removal 2 of k, acknowledged, 5 to 6',
    ],
  ],
  [
    'an event that is missing beside a gap',
    (world) => {
      const heard = world.listen()
      world.write()
      heard.gap(world.tick(), world.tick(), world.tick())
      return 1
    },
    ['L has no event and no gap: write 1 of k, acknowledged, 2 to 3'],
  ],
  [
    'events out of order',
    (world) => {
      const heard = world.listen()
      world.write()
      world.write()
      heard.event(updated(1, 2), world.tick())
      heard.event(inserted(1), world.tick())
      return 2
    },
    [
      'L at 6: update of k from 1 to 2, where it held undefined',
      'L at 7: insert of k from undefined to 1, where it held 2',
      'L holds 1 of k at the end, where 2 is',
    ],
  ],
  [
    'an event that comes twice',
    (world) => {
      const heard = world.listen()
      world.write()
      heard.event(inserted(1), world.tick())
      heard.event(inserted(1), world.tick())
      return 1
    },
    ['L at 5: insert of k from undefined to 1, where it held 1'],
  ],
  [
    'an event of a write that was not sent',
    (world) => {
      const heard = world.listen({})
      const record = world.begin()
      world.fail(record, 'not-sent')
      heard.event(inserted(1), world.tick())
      heard.event(deleted(1), world.tick())
      return undefined
    },
    ['L at 4: heard of write 1 of k, not-sent, 2 to 3'],
  ],
  [
    'an event of a value that was never written',
    (world) => {
      const heard = world.listen({})
      heard.event(inserted(1), world.tick())
      heard.event(deleted(1), world.tick())
      return undefined
    },
    ['L at 2: heard 1 of k, which was never written'],
  ],
  [
    'an event of a key that the listener does not select',
    (world) => {
      const heard = world.listen({ selects: (key) => key !== KEY })
      world.write()
      heard.event(inserted(1), world.tick())
      return 1
    },
    ['L at 4: insert of k from undefined to 1, which it did not ask for'],
  ],
  [
    'an event of a value that the filter does not accept',
    (world) => {
      const heard = world.listen({ knowsStart: true, accepts: (value) => value > 1 })
      world.write()
      heard.event(inserted(1), world.tick())
      return 1
    },
    ['L at 4: insert of k from undefined to 1, which it did not ask for'],
  ],
  [
    'a lite listener that gets a change of an entry that is absent',
    (world) => {
      const heard = world.listen({ knowsStart: true, lite: true })
      world.write()
      heard.event({ ...updated(0, 1), oldValue: undefined, newValue: undefined }, world.tick())
      return 1
    },
    ['L at 4: update of k from undefined to undefined, where it held undefined'],
  ],
  [
    'a listener that does not get after a gap what is there',
    (world) => {
      const heard = world.listen({ knowsStart: true, resync: true })
      const from = world.tick()
      world.write()
      heard.gap(from, world.now, world.tick())
      return 1
    },
    ['L holds undefined of k at the end, where 1 is'],
  ],
  [
    'a gap that ends before it begins',
    (world) => {
      const heard = world.listen({})
      heard.gap(world.tick() + 1, world.now, world.tick())
      return undefined
    },
    ['L at 3: a gap from 3 to 2'],
  ],
  [
    'a gap for which there is no outage',
    (world) => {
      const heard = world.listen()
      world.oracle.outage(world.tick(), world.tick())
      const from = world.tick()
      heard.gap(from, world.tick(), world.tick())
      return undefined
    },
    ['L has a gap for no reason, from 4 to 5'],
  ],
  [
    'what may not happen at all',
    (world) => {
      world.oracle.unexpected('the session closed')
      return undefined
    },
    ['the session closed'],
  ],
  ['a key that nobody wrote', () => 1, ['k is there at the end, but was never written']],
]

describe('the oracle', () => {
  it.each(ACCEPTED)('accepts %s', (_, story) => {
    const world = new World()
    expect(world.violations(story(world))).toEqual([])
  })

  it.each(ACCEPTED)('accepts %s, where it forgets what has ended', (_, story) => {
    const world = new World()
    const value = story(world)
    world.oracle.forgetBefore(world.tick())
    expect([...world.oracle.ledger.records()]).toEqual([])
    expect(world.violations(value)).toEqual([])
  })

  it.each(REFUSED)('finds %s', (_, story, lines) => {
    const world = new World()
    const value = story(world)
    expect(world.violations(value)).toEqual(lines)
    expect(world.violations(value)).toEqual(lines)
  })

  it.each(REFUSED)('finds %s, once, where it forgets what has ended', (_, story, lines) => {
    const world = new World()
    const value = story(world)
    world.oracle.forgetBefore(world.tick())
    world.oracle.forgetBefore(world.tick())
    expect(world.violations(value).sort()).toEqual([...lines].sort())
  })

  describe('where writes of unknown fate may come late', () => {
    it('accepts one that comes in time: at the end, in a read, before a later write, and with its event', () => {
      const world = new World({ lateMillis: 10 })
      const heard = world.listen()
      world.fail(world.begin(), 'unknown')
      world.write()
      heard.event(inserted(2), world.tick())
      heard.event(updated(2, 1), world.tick())
      world.read(1)
      expect(world.violations(1)).toEqual([])
      world.acknowledge(world.begin(), 1)
      heard.event(updated(1, 3), world.tick())
      expect(world.violations(3)).toEqual([])
    })

    it('finds one that comes too late', () => {
      const world = new World({ lateMillis: 10 })
      const heard = world.listen()
      world.fail(world.begin(), 'unknown')
      world.tick(20)
      world.write()
      heard.event(inserted(2), world.tick())
      heard.event(updated(2, 1), world.tick())
      expect(world.violations(1)).toEqual([
        'k is 1 at the end, not 2; write 2 of k, acknowledged, 24 to 25',
        'L at 27: update of k from 2 to 1, against the order of the writes',
      ])
    })
  })

  describe('of counters', () => {
    it('accepts any number between what is certain and what is possible', () => {
      const world = new World()
      const { counters } = world.oracle
      counters.acknowledged(counters.increment('c'), 1, world.tick())
      counters.failed(counters.increment('c'), 'unknown')
      counters.failed(counters.increment('c'), 'not-sent')
      expect([1, 2].map((count) => world.violations(undefined, count))).toEqual([[], []])
    })

    it.each([
      [0, ['c is 0 at the end, after 1 increments and perhaps 1']],
      [3, ['c is 3 at the end, after 1 increments and perhaps 1']],
    ])('finds that %i is not one of them', (count, lines) => {
      const world = new World()
      const { counters } = world.oracle
      counters.acknowledged(counters.increment('c'), 1, world.tick())
      counters.failed(counters.increment('c'), 'unknown')
      counters.failed(counters.increment('c'), 'not-sent')
      expect(world.violations(undefined, count)).toEqual(lines)
    })

    it('finds a number that was given twice, one below an earlier one, and an increment that has not ended', () => {
      const world = new World()
      const { counters } = world.oracle
      const [first, second] = [counters.increment('c'), counters.increment('c')]
      counters.acknowledged(first, 2, world.tick())
      counters.acknowledged(second, 2, world.tick())
      counters.acknowledged(counters.increment('c'), 1, world.tick())
      counters.increment('c')
      expect(world.violations(undefined, 3)).toEqual([
        'an increment of c gave 2 at 2, as another one did at 1',
        'an increment of c gave 1 at 3, after another one gave 2',
        '1 increments of c have not ended',
      ])
    })
  })

  describe('of calls', () => {
    it('accepts one that ends once, in time', () => {
      const world = new World()
      const { calls } = world.oracle
      calls.end(calls.begin('get', world.tick(), 5), world.tick())
      expect(world.violations(undefined)).toEqual([])
      expect([calls.ended, calls.pending, calls.longestMillis]).toEqual([1, 0, 1])
    })

    it('finds one that ends twice, one that is late, and one that does not end', () => {
      const world = new World()
      const { calls } = world.oracle
      const twice = calls.begin('get', world.tick(), 5)
      calls.end(twice, world.tick())
      calls.end(twice, world.tick())
      calls.end(calls.begin('set', world.tick(), 5), world.tick(6))
      calls.begin('size', world.tick(), 5)
      expect(world.violations(undefined)).toEqual([
        'get ended twice, the second time at 3',
        'set took from 4 on 6 ms, not 5',
        'size has not ended, begun at 11',
      ])
    })
  })
})
