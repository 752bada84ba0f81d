// What the answers of a program of un-awaited calls may be, where each write is sent after the earlier ones of its
// keys. Every value is written once, so that an answer tells which write it saw.

/** No entry. */
export const ABSENT = undefined
export type Seen = number | typeof ABSENT

/** How a call ended. */
export type Fate = 'answered' | 'not sent' | 'unknown'

/** A call and its end, in the order in which the calls were made. */
export type Step =
  /** Leaves `value` under its keys. `replaced`: the values before, by key, where the answer tells. */
  | {
      kind: 'write'
      keys: readonly string[] | 'all'
      value: Seen
      fate: Fate
      replaced?: ReadonlyMap<string, Seen>
    }
  /** Leaves `value` under its key if `stored`; `found` is the value before. */
  | { kind: 'conditional'; key: string; value: number; fate: Fate; stored: boolean; found: Seen }
  /** Leaves `value` under some or all of its keys, at any time after the writes before it. `replaced`: under which. */
  | {
      kind: 'unordered'
      keys: readonly string[]
      value: number
      fate: Fate
      replaced?: ReadonlyMap<string, Seen>
    }
  | { kind: 'read'; keys: readonly string[]; fate: Fate; found?: ReadonlyMap<string, Seen> }

/** What is known of one key. */
interface KeyState {
  /** What may be there when all writes so far are done. */
  possible: Set<Seen>
  /** What may come at any time: writes by filter, and those that nobody waits for. */
  readonly atAnyTime: Set<Seen>
}

export class OrderModel {
  readonly #keys: readonly string[]
  readonly #states = new Map<string, KeyState>()
  /** Written by calls that were never sent. */
  readonly #never = new Set<Seen>()

  constructor(keys: readonly string[]) {
    this.#keys = keys
    for (const key of keys) this.#states.set(key, { possible: new Set([ABSENT]), atAnyTime: new Set() })
  }

  /**
   * Checks the calls of one burst, all of which have ended, and what was there afterwards.
   *
   * @throws {Error} an answer breaks the order.
   */
  check(steps: readonly Step[], afterwards: ReadonlyMap<string, Seen>): void {
    const later = new LaterWrites(this.#keys, steps)
    for (const [index, step] of steps.entries()) {
      try {
        this.#step(step, index, later)
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error)
        throw new Error(`step ${index} (${textOf(step)}): ${reason}`, { cause: error })
      }
    }
    for (const key of this.#keys) {
      const found = afterwards.get(key)
      this.#expect(key, found, 'is there at the end')
      const state = this.#stateOf(key)
      for (const step of steps) {
        if (step.kind === 'unordered' && step.fate === 'answered') state.atAnyTime.delete(step.value)
      }
      state.possible = new Set([found, ...unfinished(steps, key)])
    }
  }

  #step(step: Step, index: number, later: LaterWrites): void {
    switch (step.kind) {
      case 'write':
        this.#write(step)
        return
      case 'conditional':
        this.#conditional(step)
        return
      case 'unordered':
        this.#unordered(step, index, later)
        return
      case 'read':
        for (const [key, found] of step.found ?? []) {
          if (!later.mayLeave(key, found, index)) this.#expect(key, found, 'was read')
        }
    }
  }

  #write({ keys, value, fate, replaced }: Step & { kind: 'write' }): void {
    if (fate === 'not sent') {
      if (value !== ABSENT) this.#never.add(value)
      return
    }
    for (const key of keys === 'all' ? this.#keys : keys) {
      if (replaced !== undefined) this.#expect(key, replaced.get(key), 'was replaced')
      const state = this.#stateOf(key)
      if (fate === 'answered') state.possible = new Set([value])
      else state.possible.add(value)
    }
  }

  #conditional({ key, value, fate, stored, found }: Step & { kind: 'conditional' }): void {
    const state = this.#stateOf(key)
    switch (fate) {
      case 'not sent':
        this.#never.add(value)
        return
      case 'unknown':
        state.possible.add(value)
        return
      case 'answered':
        this.#expect(key, found, 'was found')
        state.possible = new Set([stored ? value : found])
    }
  }

  #unordered(
    { keys, value, fate, replaced }: Step & { kind: 'unordered' },
    index: number,
    later: LaterWrites,
  ): void {
    if (fate === 'not sent') {
      this.#never.add(value)
      return
    }
    for (const key of keys) {
      const found = replaced?.get(key)
      if (replaced !== undefined && !later.mayLeave(key, found, index)) this.#expect(key, found, 'was met')
      if (replaced?.has(key) !== false) this.#stateOf(key).atAnyTime.add(value)
    }
  }

  #expect(key: string, found: Seen, what: string): void {
    const { possible, atAnyTime } = this.#stateOf(key)
    if (this.#never.has(found)) throw new Error(`${String(found)} ${what} under ${key}, which was never sent`)
    if (possible.has(found) || atAnyTime.has(found)) return
    const expected = [...possible, ...atAnyTime].map(String).join(' or ')
    throw new Error(`${String(found)} ${what} under ${key}, where only ${expected} can be`)
  }

  #stateOf(key: string): KeyState {
    const state = this.#states.get(key)
    if (state === undefined) throw new Error(`${key} is no key of this model`)
    return state
  }
}

/** The places at which each value is written: a call that holds nothing up may see what comes after it. */
class LaterWrites {
  readonly #last = new Map<string, Map<Seen, number>>()

  constructor(keys: readonly string[], steps: readonly Step[]) {
    for (const key of keys) {
      const last = new Map<Seen, number>()
      for (const [index, step] of steps.entries()) {
        if (step.fate === 'not sent') continue
        if (step.kind === 'write' && concerns(step.keys, key)) last.set(step.value, index)
        if (step.kind === 'conditional' && step.key === key) last.set(step.value, index)
        if (step.kind === 'unordered' && step.keys.includes(key)) last.set(step.value, index)
      }
      this.#last.set(key, last)
    }
  }

  /** Whether a call after the one at `index` may leave `value` under `key`. */
  mayLeave(key: string, value: Seen, index: number): boolean {
    return (this.#last.get(key)?.get(value) ?? -1) > index
  }
}

/** What writes of unknown fate may still leave: later writes wait for them. */
function unfinished(steps: readonly Step[], key: string): Seen[] {
  const isWrite = (step: Step): step is Step & { kind: 'write' | 'conditional' } =>
    (step.kind === 'write' && concerns(step.keys, key)) || (step.kind === 'conditional' && step.key === key)
  const writes = steps.filter(isWrite)
  const last = writes.findLastIndex(({ fate }) => fate === 'answered')
  return writes.slice(last + 1).flatMap(({ fate, value }) => (fate === 'unknown' ? [value] : []))
}

function concerns(keys: readonly string[] | 'all', key: string): boolean {
  return keys === 'all' || keys.includes(key)
}

function textOf(step: Step): string {
  return JSON.stringify(step, (_, value: unknown) => (value instanceof Map ? [...value] : value))
}
