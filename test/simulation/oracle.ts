// What must hold, whatever the network did: compares what the client was answered with every change that the server made.
import { CoherenceError, ConnectionError, RequestTimeoutError } from 'coherence-ts'
import type { Change } from './server'

/** A number that is written once. */
export type Value = number

export type Outcome = 'acknowledged' | 'not-sent' | 'unknown'

/** The map of values. */
export const VALUES = 'values'

/** One write of one key. */
export interface Write {
  readonly map: string
  readonly key: string
  /** `undefined` for a removal; `'+1'` for an increment. */
  readonly value: Value | '+1' | undefined
  readonly from: number
  to: number
  outcome: Outcome | undefined
}

/** What a read was answered for one key. */
export interface Read {
  readonly map: string
  readonly key: string
  readonly value: Value | undefined
  readonly from: number
  readonly to: number
  readonly operation: string
}

/** What a listener heard of one map, from a moment at which it was registered for certain until it was closed. */
export interface Hearing {
  readonly name: string
  readonly map: string
  /** Only this key; `undefined` for all. */
  readonly key: string | undefined
  /** When the server had it for certain. */
  since: number
  /** Until when it must have heard everything; `'last'` for the last event that it heard. */
  until: number | 'last'
  readonly heard: {
    readonly key: string
    readonly before: unknown
    readonly after: unknown
    readonly at: number
  }[]
  readonly gaps: { readonly from: number; readonly to: number }[]
}

/** What an event says of a key. */
export interface MirroredEvent {
  readonly key: string
  readonly newValue: { readonly n: number } | undefined
}

/** The entries as a listener knows them that got those that were present. */
export class Mirror {
  readonly entries = new Map<string, number>()
  /** Whether it heard everything that there was to hear. */
  isComplete = false

  event({ key, newValue }: MirroredEvent): void {
    if (newValue === undefined) this.entries.delete(key)
    else this.entries.set(key, newValue.n)
  }
}

/** How much later than its deadline a call may settle: timers have whole milliseconds. */
const TIMER_MS = 2

export class Oracle {
  readonly writes: Write[] = []
  readonly reads: Read[] = []
  readonly hearings: Hearing[] = []
  readonly mirrors: Mirror[] = []
  readonly violations: string[] = []
  /** Calls that have not settled. */
  readonly pending = new Set<{ readonly text: string }>()
  calls = 0

  violated(text: string): void {
    this.violations.push(text)
  }

  /**
   * Checks how a call failed; returns what became of its write.
   *
   * @param may Whether its time was over, and whether it is not sent again if its connection is lost.
   */
  failed(
    text: string,
    error: unknown,
    may: { readonly timeOut: boolean; readonly loseConnection: boolean },
  ): 'not-sent' | 'unknown' {
    if (!(error instanceof CoherenceError)) {
      this.violated(`${text} failed with no error of the library: ${String(error)}`)
      return 'unknown'
    }
    const outcome = (error as { outcome?: 'not-sent' | 'unknown' }).outcome ?? 'unknown'
    if (may.timeOut && (error instanceof RequestTimeoutError || error instanceof ConnectionError))
      return outcome
    if (may.loseConnection && error instanceof ConnectionError && outcome === 'unknown') return outcome
    this.violated(`${text} failed: ${error.name}: ${error.message} (${outcome})`)
    return outcome
  }

  /** Checks an error that nobody waits for: that of a loop over events that was left while the network was down. */
  reported(error: unknown): void {
    if (!(error instanceof RequestTimeoutError && error.operation === 'close'))
      this.violated(`an error event: ${String(error)}`)
  }

  /** Checks that a call settled in time. */
  settled(text: string, { from, to, limit }: { from: number; to: number; limit: number }): void {
    if (to > from + limit + TIMER_MS)
      this.violated(`${text} settled after ${to - from} ms instead of ${limit} ms`)
  }

  /** Compares everything with the changes that the server made. */
  check(changes: readonly Change[]): void {
    const byKey = new Map<string, Change[]>()
    for (const change of changes) {
      const id = `${change.map} ${change.key}`
      const list = byKey.get(id)
      if (list === undefined) byKey.set(id, [change])
      else list.push(change)
    }
    const of = (map: string, key: string): readonly Change[] => byKey.get(`${map} ${key}`) ?? []
    this.#checkWrites(of)
    for (const read of this.reads) this.#checkRead(read, of(read.map, read.key))
    for (const hearing of this.hearings) this.#checkHearing(hearing, changes)
    for (const mirror of this.mirrors) this.#checkMirror(mirror, changes)
  }

  #checkWrites(of: (map: string, key: string) => readonly Change[]): void {
    const ids = new Map(this.writes.map(({ map, key }) => [`${map} ${key}`, { map, key }]))
    for (const { map, key } of ids.values()) {
      const writes = this.writes.filter((write) => write.map === map && write.key === key)
      const changes = of(map, key)
      if (writes.some(({ value }) => value === '+1')) this.#checkCounter(`${map} ${key}`, writes, changes)
      else this.#checkValues(`${map} ${key}`, writes, changes)
    }
  }

  #checkCounter(id: string, writes: readonly Write[], all: readonly Change[]): void {
    const changes = all.filter(({ before }) => before !== undefined)
    const acknowledged = writes.filter(({ outcome }) => outcome === 'acknowledged').length
    const unknown = writes.filter(({ outcome }) => outcome === 'unknown').length
    if (changes.length < acknowledged || changes.length > acknowledged + unknown) {
      this.violated(
        `${id} was incremented ${changes.length} times, with ${acknowledged} acknowledged and ${unknown} unknown`,
      )
    }
  }

  #checkValues(id: string, writes: readonly Write[], changes: readonly Change[]): void {
    let last = -1
    const made = new Set<number>()
    for (const { after } of changes) {
      if (after === undefined) continue
      const index = writes.findIndex(({ value }) => value === after)
      if (index < 0) this.violated(`${id} has ${String(after)}, which nobody wrote`)
      if (made.has(after)) this.violated(`${id}: ${String(after)} was written twice`)
      made.add(after)
      // Nobody knows when the server gets to what it got before a connection was lost.
      if (writes[index]?.outcome !== 'acknowledged') continue
      if (index < last) this.violated(`${id}: ${String(after)} was written after a later write`)
      last = index
    }
    for (const write of writes) {
      const { value, outcome, from, to } = write
      if (value === undefined) {
        if (outcome === 'acknowledged' && !held(changes, undefined, from, to))
          this.violated(
            `${id}: a removal from ${from} to ${to} was acknowledged, but the entry was there all the time`,
          )
        continue
      }
      const change = changes.find(({ after }) => after === value)
      const text = `${id}: the write of ${String(value)} at ${from} is ${outcome ?? 'pending'}`
      if (outcome === 'acknowledged' && change === undefined) this.violated(`${text}, but it was lost`)
      if (outcome === 'acknowledged' && change !== undefined && change.at > to)
        this.violated(`${text} at ${to}, but it was made at ${change.at}`)
      if (outcome === 'not-sent' && change !== undefined) this.violated(`${text}, but it was made`)
    }
  }

  #checkRead({ map, key, value, from, to, operation }: Read, changes: readonly Change[]): void {
    if (!held(changes, value, from, to))
      this.violated(
        `${operation} of ${map} ${key} from ${from} to ${to} gave ${String(value)}, which it had not`,
      )
  }

  /** A removal during an outage has no event: such an entry stays in the mirror. */
  #checkMirror({ entries, isComplete }: Mirror, changes: readonly Change[]): void {
    if (!isComplete) this.violated('a primed listener or stream ended before its time')
    const last = new Map(changes.filter(({ map }) => map === VALUES).map(({ key, after }) => [key, after]))
    for (const [key, value] of last) {
      if (value !== undefined && entries.get(key) !== value)
        this.violated(`a mirror holds ${String(entries.get(key))} of ${key} at the end, where ${value} is`)
    }
  }

  #checkHearing(hearing: Hearing, changes: readonly Change[]): void {
    const { name, map, key, since, until, heard, gaps } = hearing
    const mine = changes.filter((change) => change.map === map && (key === undefined || change.key === key))
    const nextOf = new Map<string, number>()
    const found = new Set<Change>()
    let last = -Infinity
    for (const event of heard) {
      const from = nextOf.get(event.key) ?? 0
      const index = mine.findIndex(
        (change, at) =>
          at >= from &&
          change.key === event.key &&
          change.after === event.after &&
          change.before === event.before,
      )
      const text = `${event.key}: ${String(event.before)} > ${String(event.after)}`
      const change = mine[index]
      if (change === undefined) {
        this.violated(`${name} heard ${text} at ${event.at}, twice, late or for no reason`)
      } else {
        nextOf.set(event.key, index + 1)
        found.add(change)
        last = change.at
      }
    }
    for (const change of mine) {
      if (
        found.has(change) ||
        change.at < since ||
        (until === 'last' ? change.at >= last : change.at > until)
      )
        continue
      if (gaps.some(({ from, to }) => from <= change.at && change.at <= to)) continue
      this.violated(
        `${name} missed ${change.key}: ${String(change.before)} > ${String(change.after)} at ${change.at}, outside of its gaps ${JSON.stringify(gaps)}, from ${since} to ${until === 'last' ? last : until}`,
      )
    }
  }
}

/** Whether the key had the value at any moment between the two. */
function held(changes: readonly Change[], value: unknown, from: number, to: number): boolean {
  let current: unknown
  let since = -Infinity
  for (const { after, at } of changes) {
    if (current === value && since <= to && at >= from) return true
    current = after
    since = at
  }
  return current === value && since <= to
}
