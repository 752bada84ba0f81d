// The event loop of the simulation: one queue of tasks by virtual time. A task and all promises that it settles are one
// step. Nothing depends on how fast the machine is.
import { createHash, type Hash } from 'crypto'
import { setImmediate } from 'timers'

/** A task that waits for its time. */
export interface Scheduled {
  readonly at: number
  readonly label: string
  readonly run: () => void
  isCancelled: boolean
}

/** Why a run ended. */
export type End = 'done' | 'idle' | 'out of steps'

const MOST_LINES = 400

/** What happened, line by line: a digest of all of it, and the last lines. */
export class Trace {
  readonly #hash: Hash = createHash('sha256')
  #lines: string[] = []

  add(line: string): void {
    this.#hash.update(`${line}\n`)
    if (this.#lines.push(line) >= 2 * MOST_LINES) this.#lines = this.#lines.slice(-MOST_LINES)
  }

  /** Adds bytes to the digest alone. */
  addBytes(bytes: Uint8Array): void {
    this.#hash.update(bytes)
  }

  get lines(): readonly string[] {
    return this.#lines.slice(-MOST_LINES)
  }

  digest(): string {
    return this.#hash.copy().digest('hex')
  }
}

export class Scheduler {
  readonly trace = new Trace()
  /** By time, the earliest last; tasks of one time in the order in which they were added. */
  readonly #queue: Scheduled[] = []
  #now = 0
  #steps = 0

  /** Milliseconds since the simulation began. */
  get now(): number {
    return this.#now
  }

  get steps(): number {
    return this.#steps
  }

  /** The labels of all tasks that wait. */
  get waiting(): readonly string[] {
    return this.#queue.filter(({ isCancelled }) => !isCancelled).map(({ label }) => label)
  }

  after(millis: number, label: string, run: () => void): Scheduled {
    return this.at(this.#now + millis, label, run)
  }

  at(time: number, label: string, run: () => void): Scheduled {
    const task = { at: Math.max(time, this.#now), label, run, isCancelled: false }
    let low = 0
    let high = this.#queue.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#queue[middle]?.at ?? 0) > task.at) low = middle + 1
      else high = middle
    }
    this.#queue.splice(low, 0, task)
    return task
  }

  cancel(task: Scheduled): void {
    task.isCancelled = true
  }

  /** Lets time pass in which nothing runs, as when the event loop is blocked or the process is suspended. */
  skip(millis: number): void {
    this.#now += millis
  }

  /** Runs tasks until `isDone` returns true, until there are none left, or for so many steps. */
  run(isDone: () => boolean, mostSteps: number): Promise<End> {
    const last = this.#steps + mostSteps
    return new Promise((resolve, reject) => {
      const turn = (): void => {
        try {
          if (isDone()) resolve('done')
          else if (this.#steps >= last) resolve('out of steps')
          else if (this.#step()) setImmediate(turn)
          else resolve('idle')
        } catch (error) {
          reject(error)
        }
      }
      // Promises that are settled already are a step of their own.
      setImmediate(turn)
    })
  }

  #step(): boolean {
    let task = this.#queue.pop()
    while (task?.isCancelled === true) task = this.#queue.pop()
    if (task === undefined) return false
    this.#now = Math.max(this.#now, task.at)
    this.#steps += 1
    this.trace.add(`${this.#steps} ${this.#now.toFixed(3)} ${task.label}`)
    task.run()
    return true
  }
}
