// The order of the calls of one map. The server carries out what one client sends in any order, even for one key. So a
// write is sent only when the server is done with the writes before it on its keys, and a read when they are answered.
// A call on a key without a write in flight costs a look-up.
//
// A write that timed out or was aborted after it was sent may still be carried out: writes wait for it until the
// server answers it or its stream ends, reads do not. A call that waits is given up at its own deadline, and was not sent.
import type { Bytes } from '../../bytes'
import { ChurnMap } from '../../async/churn-map'
import { waitFor } from '../../async/wait'
import { type Call, timeoutError } from '../../calls/call'
import { RequestTimeoutError } from '../../errors'

/** From this number of keys on it costs less to look them through than to note each of them. */
const MANY_KEYS = 100
/** How many such writes are looked through at most. */
const MOST_LARGE = 8

/** Gates that are open and whose waiters are still to be called. The waiters of the first are called now. */
const opening: Gate[] = []

/** Opens once, and calls those who wait for it. */
class Gate {
  isOpen = false
  /** Most gates are never waited for. */
  #waiting: (() => void)[] | undefined

  open(): void {
    if (this.isOpen) return
    this.isOpen = true
    if (this.#waiting === undefined) return
    // One gate may open the next, and that one the next, more often than the stack is deep: they queue up.
    opening.push(this)
    if (opening.length > 1) return
    for (const gate of opening) gate.#wake()
    opening.length = 0
  }

  #wake(): void {
    for (const wake of this.#waiting ?? []) wake()
    this.#waiting = undefined
  }

  /** Calls `wake` when the gate opens. It must still be closed. */
  onOpen(wake: () => void): void {
    this.#waiting ??= []
    this.#waiting.push(wake)
  }
}

/** A write that is in flight or waits for its turn. */
class Write {
  /** The server can do nothing more with it, nor with any write before it. */
  readonly done = new Gate()
  /** Its caller has an answer or an error, and so have the callers of all writes before it. */
  readonly answered = new Gate()
}

/** A write of many keys. */
interface LargeWrite {
  readonly write: Write
  readonly keys: ReadonlySet<string>
}

/** A write in parts, whose keys become known part by part. */
export interface BulkOrder {
  /** Runs a part in its turn; `keys` are the identities of its keys. */
  write<T>(keys: ReadonlySet<string>, call: Call, run: (call: Call) => Promise<T>): Promise<T>
  /** The source still has keys that are not known, and reading it pauses: calls made from now on wait until all are. */
  keysStillUnknown(): void
  /** All keys are known, or the rest will never be written. */
  allKeysKnown(): void
}

export class WriteOrder {
  readonly #identityOf: (key: Bytes) => string
  /** The last write of each key, unless it is done. */
  readonly #last = new ChurnMap<string, Write>()
  /** Writes of many keys that are not done; these keys are not in the map. */
  #large: readonly LargeWrite[] = []
  /** The last write of all keys, unless it is done. */
  #barrier: Write | undefined
  /** Registrations that are being made: writes wait for them. */
  readonly #holds = new Set<Write>()
  /** A gate for each bulk write that may still write any key. It opens when all of its keys are known. */
  readonly #unknownKeys = new Set<Gate>()

  /** `identityOf` makes equal texts of equal keys. */
  constructor(identityOf: (key: Bytes) => string) {
    this.#identityOf = identityOf
  }

  /**
   * Waits until the writes before this call on `key` are answered: the call may read then.
   *
   * @returns `undefined` if it may read at once. The promise rejects if the call is given up before its turn.
   */
  turnToRead(key: Bytes, call: Call): Promise<void> | undefined {
    if (this.#isIdle()) return undefined
    return this.turnToReadKeys([this.#identityOf(key)], call)
  }

  /** The same for several keys, by their identities. */
  turnToReadKeys(identities: Iterable<string>, call: Call): Promise<void> | undefined {
    if (this.#isIdle()) return undefined
    return this.#whenKeysKnown(call, () => turnAfter(this.#before(identities), call))
  }

  /** The same for a call that may read any key, such as one by a filter. */
  turnToReadAll(call: Call): Promise<void> | undefined {
    if (this.#isIdle()) return undefined
    return this.#whenKeysKnown(call, () => turnAfter(this.#all(), call))
  }

  /** Runs a write of `keys` when the writes before it on them are done. `run` must use the call that it is called with. */
  write<T>(keys: readonly Bytes[], call: Call, run: (call: Call) => Promise<T>): Promise<T> {
    const identities = keys.map(this.#identityOf)
    if (this.#unknownKeys.size === 0) return this.#write(identities, call, run)
    return turn([...this.#unknownKeys], call).then(() => this.#write(identities, call, run))
  }

  /** Runs a write of all keys: clear, truncate, destroy. It waits for all writes before it, and all calls after it wait. */
  writeAll<T>(call: Call, run: (call: Call) => Promise<T>): Promise<T> {
    if (this.#unknownKeys.size === 0) return this.#writeAll(call, run)
    return turn([...this.#unknownKeys], call).then(() => this.#writeAll(call, run))
  }

  /** Begins a write in parts. All of them have their place in the order now. */
  bulk(): BulkOrder {
    const before = [...this.#unknownKeys]
    let ownKeys: Gate | undefined
    return {
      write: (keys, call, run) => {
        const closed = before.filter((gate) => !gate.isOpen)
        if (closed.length === 0) return this.#write(keys, call, run)
        return turn(closed, call).then(() => this.#write(keys, call, run))
      },
      keysStillUnknown: () => {
        if (ownKeys !== undefined) return
        ownKeys = new Gate()
        this.#unknownKeys.add(ownKeys)
      },
      allKeysKnown: () => {
        if (ownKeys === undefined) return
        this.#unknownKeys.delete(ownKeys)
        ownKeys.open()
      },
    }
  }

  /** Runs the registration of a listener at once. All writes after it wait until it settles. */
  holdWrites<T>(run: () => Promise<T>): Promise<T> {
    const hold = new Write()
    this.#holds.add(hold)
    const release = (): void => {
      this.#holds.delete(hold)
      hold.done.open()
      hold.answered.open()
    }
    const held = run()
    held.then(release, release)
    return held
  }

  #whenKeysKnown(call: Call, next: () => Promise<void> | undefined): Promise<void> | undefined {
    if (this.#unknownKeys.size === 0) return next()
    return turn([...this.#unknownKeys], call).then(next)
  }

  #write<T>(
    keys: readonly string[] | ReadonlySet<string>,
    call: Call,
    run: (call: Call) => Promise<T>,
  ): Promise<T> {
    const write = new Write()
    const before = this.#before(keys)
    if (this.#holds.size > 0) before.push(...this.#holds)
    if ('size' in keys && keys.size >= MANY_KEYS && this.#large.length < MOST_LARGE) {
      this.#large = [...this.#large, { write, keys }]
      return runWrite(write, before, call, run, () => {
        this.#large = this.#large.filter((other) => other.write !== write)
      })
    }
    for (const key of keys) this.#last.set(key, write)
    const forget = (): void => {
      for (const key of keys) {
        if (this.#last.get(key) === write) this.#last.delete(key)
      }
    }
    return runWrite(write, before, call, run, forget)
  }

  #writeAll<T>(call: Call, run: (call: Call) => Promise<T>): Promise<T> {
    const write = new Write()
    const before = [...this.#all(), ...this.#holds]
    this.#last.clear()
    this.#large = []
    this.#barrier = write
    const forget = (): void => {
      if (this.#barrier === write) this.#barrier = undefined
    }
    return runWrite(write, before, call, run, forget)
  }

  /** Whether no write is in flight, waits, or may still come from a bulk write. */
  #isIdle(): boolean {
    return (
      this.#last.size === 0 &&
      this.#large.length === 0 &&
      this.#barrier === undefined &&
      this.#unknownKeys.size === 0
    )
  }

  /** The writes before a call on `keys`. */
  #before(keys: Iterable<string>): Write[] {
    if (this.#isIdle()) return []
    const writes = new Set<Write>()
    if (this.#barrier !== undefined) writes.add(this.#barrier)
    if (this.#last.size > 0) {
      for (const key of keys) {
        const write = this.#last.get(key)
        if (write !== undefined) writes.add(write)
      }
    }
    for (const large of this.#large) if (hasAny(large.keys, keys)) writes.add(large.write)
    return [...writes]
  }

  /** The writes before a call on any key. */
  #all(): Write[] {
    const writes = new Set([...this.#last.values(), ...this.#large.map(({ write }) => write)])
    if (this.#barrier !== undefined) writes.add(this.#barrier)
    return [...writes]
  }
}

function hasAny(set: ReadonlySet<string>, keys: Iterable<string>): boolean {
  for (const key of keys) if (set.has(key)) return true
  return false
}

async function runWrite<T>(
  write: Write,
  before: readonly Write[],
  call: Call,
  run: (call: Call) => Promise<T>,
  forget: () => void,
): Promise<T> {
  const waitsFor =
    before.length === 0 ? [] : before.map((earlier) => earlier.done).filter((gate) => !gate.isOpen)
  let mayBeSent = false
  const onFinished = (): void => {
    whenOpen(waitsFor, () => {
      forget()
      write.done.open()
    })
  }
  try {
    if (waitsFor.length > 0) await turn(waitsFor, call)
    mayBeSent = true
    const result = await run({ ...call, onFinished })
    // A server that has answered is done, whether it says so or not.
    onFinished()
    return result
  } catch (error) {
    if (!mayBeSent || !mayStillRun(error, call)) onFinished()
    throw error
  } finally {
    if (before.length === 0) write.answered.open()
    else {
      whenOpen(
        before.map((earlier) => earlier.answered),
        () => write.answered.open(),
      )
    }
  }
}

/** Whether the server may go on with a call that ended with this error. `onFinished` is called later then. */
function mayStillRun(error: unknown, call: Call): boolean {
  return error instanceof RequestTimeoutError ? error.outcome === 'unknown' : call.signal?.aborted === true
}

/** Waits until the writes are answered; `undefined` if they are. */
function turnAfter(writes: readonly Write[], call: Call): Promise<void> | undefined {
  const closed = writes.map((write) => write.answered).filter((gate) => !gate.isOpen)
  return closed.length === 0 ? undefined : turn(closed, call)
}

/** Resolves when all gates are open; rejects if the call is given up before. */
function turn(gates: readonly Gate[], call: Call): Promise<void> {
  const outOfTime = (): unknown => timeoutError(call, 'not-sent')
  return waitFor<unknown>(call, outOfTime, ({ resolve }) => {
    whenOpen(gates, () => resolve(undefined))
    return undefined
  }) as Promise<void>
}

/** Calls `next` when all gates are open, at once if they are. */
function whenOpen(gates: readonly Gate[], next: () => void): void {
  let closed = 1
  const opened = (): void => {
    closed -= 1
    if (closed === 0) next()
  }
  for (const gate of gates) {
    if (gate.isOpen) continue
    closed += 1
    gate.onOpen(opened)
  }
  opened()
}
