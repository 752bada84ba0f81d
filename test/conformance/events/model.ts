// What listeners are to be told, worked out from what was written: for each listener and each key the changes that it
// selects, in order, from the moment it is registered until it is closed.
import type { EventKind, ListenOptions } from 'coherence-ts'
import { Filters } from 'coherence-ts'

export type Key = number
export type Value = number

/** What a listener is told of one key, as text that is easily compared and printed. */
export type Told = string

/** Something that happened to the entry of a key, or to all of them at once. */
export interface Change {
  readonly key: Key
  readonly before: Value | undefined
  readonly after: Value | undefined
  readonly expired: boolean
}

/** What a listener asks for. */
export interface Wish {
  readonly key: Key | undefined
  /** Values of at least this are accepted by its filter. */
  readonly least: Value | undefined
  readonly kinds: readonly EventKind[] | undefined
  readonly lite: boolean
  readonly priming: boolean
}

export function optionsOf({ key, least, kinds, lite, priming }: Wish): ListenOptions<Key, Value> {
  if (key !== undefined) return { key, lite, priming }
  return { filter: least === undefined ? undefined : atLeast(least), kinds, lite, priming }
}

function atLeast(least: Value): ReturnType<typeof Filters.always<Value>> {
  const extractor = { '@class': 'extractor.IdentityExtractor' }
  return Filters.custom<Value>('filter.GreaterEqualsFilter', { extractor, value: least })
}

export function toldOf(
  type: string,
  oldValue: Value | undefined,
  newValue: Value | undefined,
  flags: string,
): Told {
  return `${type} ${oldValue ?? '-'}>${newValue ?? '-'}${flags}`
}

export const TRUNCATED: Told = 'truncated'

/** What one listener is to be told, by key. */
export class Expectation {
  readonly byKey = new Map<Key, Told[]>()
  readonly #wish: Wish
  #count = 0

  constructor(wish: Wish) {
    this.#wish = wish
  }

  /** How much it is to be told. */
  get count(): number {
    return this.#count
  }

  present(entries: ReadonlyMap<Key, Value>): void {
    const { key, lite } = this.#wish
    const flags = ' synthetic priming'
    for (const [each, value] of entries) {
      if (key === undefined ? this.#accepts(value) : key === each) {
        this.#add(each, toldOf('update', undefined, lite ? undefined : value, flags))
      }
    }
    if (key !== undefined && !entries.has(key)) {
      this.#add(key, toldOf('update', undefined, undefined, flags))
    }
  }

  change(change: Change): void {
    if (!this.#selects(change)) return
    const { key, before, after, expired } = change
    const type = before === undefined ? 'insert' : after === undefined ? 'delete' : 'update'
    const flags = expired ? ' expired synthetic' : ''
    const { lite } = this.#wish
    this.#add(key, toldOf(type, lite ? undefined : before, lite ? undefined : after, flags))
  }

  /** Told of each key, so that its place among the changes is known. */
  truncated(keys: readonly Key[]): void {
    this.#count += 1
    for (const key of keys) this.#list(key).push(TRUNCATED)
  }

  #selects({ key, before, after }: Change): boolean {
    const { key: wanted, kinds = ['insert', 'update', 'delete'] } = this.#wish
    if (wanted !== undefined) return wanted === key
    const [was, is] = [this.#accepts(before), this.#accepts(after)]
    if (before === undefined) return is && kinds.includes('insert')
    if (after === undefined) return was && kinds.includes('delete')
    return (
      ((was || is) && kinds.includes('update')) ||
      (!was && is && kinds.includes('entered')) ||
      (was && !is && kinds.includes('left')) ||
      (was && is && kinds.includes('within'))
    )
  }

  #accepts(value: Value | undefined): boolean {
    return value !== undefined && value >= (this.#wish.least ?? -Infinity)
  }

  #add(key: Key, told: Told): void {
    this.#count += 1
    this.#list(key).push(told)
  }

  #list(key: Key): Told[] {
    let list = this.byKey.get(key)
    if (list === undefined) this.byKey.set(key, (list = []))
    return list
  }
}
