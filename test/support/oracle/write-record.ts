// A write and its end. Values are the numbers of writes: within a key each is above those of all writes before it.

/** A value that was found; `undefined` where there was none. */
export type Seen = number | undefined

/** How a call failed: it had no effect, or it may have had one. */
export type Outcome = 'not-sent' | 'unknown'

/** `declined`: answered, but the condition of the write did not hold. */
export type Fate = 'pending' | 'acknowledged' | 'declined' | Outcome

export class WriteRecord {
  readonly key: string
  /** Its place among the writes of its key. */
  readonly number: number
  /** What it leaves; `undefined` for a removal. */
  readonly value: Seen
  readonly beganAt: number
  fate: Fate = 'pending'
  endedAt = Infinity
  /** What was there when it was carried out, if the answer says so. */
  found: { readonly value: Seen } | undefined
  /** Whether a read or a listener met what it leaves. */
  wasSeen = false

  constructor(key: string, number: number, isRemoval: boolean, beganAt: number) {
    this.key = key
    this.number = number
    this.value = isRemoval ? undefined : number
    this.beganAt = beganAt
  }

  /** Whether it may have had an effect, as far as is known. */
  get isPossible(): boolean {
    return this.fate !== 'not-sent' && this.fate !== 'declined'
  }

  /** Whether its effect may still have been to come when `later` began. */
  mayComeAfter(later: WriteRecord, lateMillis: number): boolean {
    return this.fate === 'unknown' && this.endedAt + lateMillis >= later.beganAt
  }

  toString(): string {
    const what = this.value === undefined ? `removal ${this.number}` : `write ${this.number}`
    return `${what} of ${this.key}, ${this.fate}, ${timesOf(this.beganAt, this.endedAt)}`
  }
}

export function timesOf(from: number, to: number): string {
  return `${Math.round(from)} to ${Math.round(to)}`
}
