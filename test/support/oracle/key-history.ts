// The writes of one key, in the order in which they were issued, and what may be found there.
import { type Seen, WriteRecord } from './write-record'

/** What may be there after some writes. */
export interface Possible {
  /** In the order of issue. */
  readonly values: ReadonlySet<Seen>
  /** Writes of unknown fate that later writes do not overrule yet. */
  readonly late: readonly WriteRecord[]
}

export class KeyHistory {
  readonly #key: string
  readonly #lateMillis: number
  #records: WriteRecord[] = []
  #lastNumber = 0
  #lastAcknowledged: WriteRecord | undefined
  /** What was possible before the first of the records that are kept. */
  #before: Possible = { values: new Set([undefined]), late: [] }

  constructor(key: string, lateMillis: number) {
    this.#key = key
    this.#lateMillis = lateMillis
  }

  /** The number of the last write that was begun. */
  get lastNumber(): number {
    return this.#lastNumber
  }

  /** The last of the writes, in the order of issue, that were acknowledged. */
  get lastAcknowledged(): WriteRecord | undefined {
    return this.#lastAcknowledged
  }

  /** The writes that are not forgotten. */
  get records(): readonly WriteRecord[] {
    return this.#records
  }

  begin(isRemoval: boolean, at: number): WriteRecord {
    this.#lastNumber += 1
    const record = new WriteRecord(this.#key, this.#lastNumber, isRemoval, at)
    this.#records.push(record)
    return record
  }

  acknowledged(record: WriteRecord): void {
    if (this.#lastAcknowledged === undefined || this.#lastAcknowledged.number < record.number)
      this.#lastAcknowledged = record
  }

  /** The write that leaves `value`; `undefined` if it was forgotten, or never begun. */
  find(value: number): WriteRecord | undefined {
    const [first] = this.#records
    const record = first === undefined ? undefined : this.#records[value - first.number]
    return record?.value === undefined ? undefined : record
  }

  /** Says why `found` cannot be there once `floor` was acknowledged; `undefined` if it can. */
  objection(found: Seen, floor: WriteRecord | undefined): string | undefined {
    if (found !== undefined && !(found >= 1 && found <= this.#lastNumber)) return 'which was never written'
    const record = found === undefined ? undefined : this.find(found)
    if (record !== undefined) {
      if (!record.isPossible) return `but: ${String(record)}`
      record.wasSeen = true
    }
    if (floor === undefined || found === floor.value) return undefined
    const isLater = found === undefined ? this.#mayBeRemovedAfter(floor) : found > floor.number
    const isLate = this.#before.late
      .concat(this.#records)
      .some(({ value }, index, all) => value === found && all[index]?.mayComeAfter(floor, this.#lateMillis))
    return isLater || isLate ? undefined : `after ${String(floor)}`
  }

  /** The first writes that have ended before `moment`, none of which comes after one that has not. */
  endedBefore(moment: number): readonly WriteRecord[] {
    const end = this.#records.findIndex(({ endedAt }) => !(endedAt < moment))
    return end === -1 ? this.#records : this.#records.slice(0, end)
  }

  /** What may be there after the first `records`, and what contradicts it in their answers. */
  judge(records: readonly WriteRecord[]): { readonly possible: Possible; readonly lines: readonly string[] } {
    let { values, late } = this.#before
    const lines: string[] = []
    for (const record of records) {
      const { found } = record
      if (record.fate === 'acknowledged' || record.fate === 'declined') {
        const stillLate = late.filter((each) => each.mayComeAfter(record, this.#lateMillis))
        if (found !== undefined && !isIn({ values, late: stillLate }, found.value)) {
          const possible = textOf({ values, late: stillLate })
          lines.push(`${String(record)}, found ${String(found.value)}, not ${possible}`)
        }
        if (record.fate === 'declined') continue
        late = stillLate
        values = new Set([record.value])
      } else if (record.fate === 'unknown' || record.fate === 'pending') {
        values = new Set([...values, record.value])
        late = [...late, record]
      }
    }
    return { possible: { values, late }, lines }
  }

  /** Forgets the first `count` writes, which have ended. */
  forget(count: number, possible: Possible): void {
    this.#records = this.#records.slice(count)
    this.#before = possible
  }

  #mayBeRemovedAfter(floor: WriteRecord): boolean {
    return this.#records.some(
      (record) => record.value === undefined && record.number > floor.number && record.isPossible,
    )
  }
}

export function isIn({ values, late }: Possible, value: Seen): boolean {
  return values.has(value) || late.some((record) => record.value === value)
}

export function textOf({ values, late }: Possible): string {
  return [...new Set([...values, ...late.map(({ value }) => value)])].map(String).join(' or ')
}
