// The order of the calls of one map. The server carries out what one client sends in any order, even for one key, so
// a write is sent only when the writes before it on its keys are done, and a read when they are answered. A call on a
// key without a write under way costs a look-up.
//
// A write that timed out or was aborted after it was sent may still be carried out: writes wait for it until the
// server answers it or its stream ends, reads do not. What waits is given up at its own deadline, and was not sent.
import { alarm } from '../async/alarm'
import { clearTimeout } from '../async/real-time'
import { RequestTimeoutError } from '../errors'
import { onAbort } from '../protocol/abort'
import { type Call, timeoutError } from '../protocol/call'
import { ChurnMap } from '../protocol/churn-map'
import type { Bytes } from '../protocol/port'

/** From this number of keys on it costs less to look them through than to note each of them. */
const MANY_KEYS = 100
/** So many such writes are looked through at the most. */
const MOST_LARGE = 8

/** Gates that are open and whose waiters are still to be called, the first of them now. */
const opening: Gate[] = []

/** Opens once; whoever waits is called then. */
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

  /** `wake` is called when the gate opens, which it is not yet. */
  onOpen(wake: () => void): void {
    this.#waiting ??= []
    this.#waiting.push(wake)
  }
}

/** A write that is under way or waits for its turn. */
class Write {
  /** The server can do nothing more with it, nor with any write before it. */
  readonly done = new Gate()
  /** Its caller has an answer, and so have the callers of all writes before it. */
  readonly answered = new Gate()
}

/** A write of many keys. */
interface LargeWrite {
  readonly write: Write
  readonly keys: ReadonlySet<string>
}

/** A write that tells its keys part by part. */
export interface BulkOrder {
  /** Runs a part; `keys` are the identities of its keys. */
  write<T>(keys: ReadonlySet<string>, call: Call, run: (call: Call) => Promise<T>): Promise<T>
  /** Not all keys are told yet, and whoever tells them has to wait: calls made from now on wait until they are. */
  withhold(): void
  /** All keys are told, or will never be. */
  told(): void
}

export class WriteOrder {
  readonly #identityOf: (key: Bytes) => string
  /** The last write of each key that is not done. */
  readonly #last = new ChurnMap<string, Write>()
  /** Writes of many keys that are not done; these keys are not in the map. */
  #large: readonly LargeWrite[] = []
  /** The last call that holds up everything, where it is not done. */
  #barrier: Write | undefined
  /** What holds up writes while it is made. */
  readonly #holds = new Set<Write>()
  /** Open when the bulk writes that may still write any key have told all of theirs. */
  readonly #untold = new Set<Gate>()

  /** `identityOf` gives equal texts for equal keys. */
  constructor(identityOf: (key: Bytes) => string) {
    this.#identityOf = identityOf
  }

  /** Runs a read of `keys` when the writes before it on them are answered. */
  read<T>(keys: readonly Bytes[], call: Call, run: () => Promise<T>): Promise<T> {
    if (this.#untold.size === 0 && this.#isIdle()) return run()
    return this.readKnown(keys.map(this.#identityOf), call, run)
  }

  /** The same for keys that are known by their identities. */
  readKnown<T>(identities: Iterable<string>, call: Call, run: () => Promise<T>): Promise<T> {
    if (this.#untold.size > 0) return this.#whenTold(call, () => this.#readKnown(identities, call, run))
    return this.#readKnown(identities, call, run)
  }

  /** Runs a call that may touch any key, such as one by filter, when all writes before it are answered. */
  readAll<T>(call: Call, run: () => Promise<T>): Promise<T> {
    if (this.#untold.size > 0) return this.#whenTold(call, () => this.#readAll(call, run))
    return this.#readAll(call, run)
  }

  /** Runs a write of `keys` when the writes before it on them are done. `run` gets the call it has to make. */
  write<T>(keys: readonly Bytes[], call: Call, run: (call: Call) => Promise<T>): Promise<T> {
    const identities = keys.map(this.#identityOf)
    if (this.#untold.size > 0) return this.#whenTold(call, () => this.#write(identities, call, run))
    return this.#write(identities, call, run)
  }

  /** Runs a write that everything before it and after it waits for: clear, truncate, destroy. */
  writeAll<T>(call: Call, run: (call: Call) => Promise<T>): Promise<T> {
    if (this.#untold.size > 0) return this.#whenTold(call, () => this.#writeAll(call, run))
    return this.#writeAll(call, run)
  }

  /** A write in parts, which has its place now. */
  bulk(): BulkOrder {
    const before = [...this.#untold]
    let untold: Gate | undefined
    return {
      write: (keys, call, run) => {
        const closed = before.filter((gate) => !gate.isOpen)
        if (closed.length === 0) return this.#write(keys, call, run)
        return turn(closed, call).then(() => this.#write(keys, call, run))
      },
      withhold: () => {
        if (untold !== undefined) return
        untold = new Gate()
        this.#untold.add(untold)
      },
      told: () => {
        if (untold === undefined) return
        this.#untold.delete(untold)
        untold.open()
      },
    }
  }

  /** Runs what every write after it waits for and what waits for nothing: the registration of a listener. */
  hold<T>(run: () => Promise<T>): Promise<T> {
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

  #whenTold<T>(call: Call, run: () => Promise<T>): Promise<T> {
    return turn([...this.#untold], call).then(run)
  }

  #readKnown<T>(identities: Iterable<string>, call: Call, run: () => Promise<T>): Promise<T> {
    if (this.#isIdle()) return run()
    const gates = this.#before(identities).map((write) => write.answered)
    return runAfter(gates, call, run)
  }

  #readAll<T>(call: Call, run: () => Promise<T>): Promise<T> {
    if (this.#isIdle()) return run()
    const gates = this.#all().map((write) => write.answered)
    return runAfter(gates, call, run)
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

  #isIdle(): boolean {
    return this.#last.size === 0 && this.#large.length === 0 && this.#barrier === undefined
  }

  #before(keys: Iterable<string>): Write[] {
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
  let handedOver = false
  const done = (): void => {
    whenOpen(waitsFor, () => {
      forget()
      write.done.open()
    })
  }
  try {
    if (waitsFor.length > 0) await turn(waitsFor, call)
    handedOver = true
    const { operation, mapName, timeoutSeconds, deadline, signal, sent } = call
    return await run({ operation, mapName, timeoutSeconds, deadline, signal, sent, onFinished: done })
  } catch (error) {
    if (!handedOver || !mayStillRun(error, call)) done()
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

/** Whether the server may go on with a call that ended like this; it is told of as done later then. */
function mayStillRun(error: unknown, call: Call): boolean {
  return error instanceof RequestTimeoutError ? error.outcome === 'unknown' : call.signal?.aborted === true
}

function runAfter<T>(gates: readonly Gate[], call: Call, run: () => Promise<T>): Promise<T> {
  const closed = gates.filter((gate) => !gate.isOpen)
  if (closed.length === 0) return run()
  return turn(closed, call).then(run)
}

/** Resolves when all gates are open; rejects when the call is given up before. */
function turn(gates: readonly Gate[], call: Call): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (): void => {
      clearTimeout(timer)
      takeBack()
    }
    const aborted = (): void => {
      settle()
      reject(call.signal?.reason as Error)
    }
    const timer = alarm(call.deadline, () => {
      settle()
      reject(timeoutError(call, 'not-sent'))
    })
    const takeBack = onAbort(call.signal, aborted)
    if (call.signal?.aborted === true) {
      aborted()
      return
    }
    whenOpen(gates, () => {
      settle()
      resolve()
    })
  })
}

/** Calls `then` when all gates are open, at once where they are. */
function whenOpen(gates: readonly Gate[], then: () => void): void {
  let closed = 1
  const opened = (): void => {
    closed -= 1
    if (closed === 0) then()
  }
  for (const gate of gates) {
    if (gate.isOpen) continue
    closed += 1
    gate.onOpen(opened)
  }
  opened()
}
