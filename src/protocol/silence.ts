// Notices a connection that has gone silent: nobody has closed it, but nothing comes any more, as after a firewall forgot
// it. If nothing came for a while, the server is asked for a sign of life. If none comes within as long again, the
// connection is silent.
import { alarm } from '../async/alarm'
import { clearTimeout, now, setImmediate } from '../async/real-time'

/** What is watched. */
export interface Watched {
  /** When something was received last, on the clock of `now()`. */
  readonly receivedAt: number
  /** Asks the server for a sign of life. */
  probe(): void
  /** The connection is silent. Called once. */
  silent(reason: Error): void
}

/** A timer that rings later than by this share of its time rings in a process that was suspended. */
const LATE = 0.5

export class SilenceWatch {
  readonly #watched: Watched
  readonly #millis: number
  #timer: NodeJS.Timeout | undefined
  #dueAt = 0
  #probedAt = -Infinity
  #isOver = false

  /** @param seconds How long nothing comes before the server is asked, and how long its answer may take. */
  constructor(watched: Watched, seconds: number) {
    this.#watched = watched
    this.#millis = seconds * 1_000
    this.#ringAt(watched.receivedAt + this.#millis)
  }

  stop(): void {
    this.#isOver = true
    clearTimeout(this.#timer)
  }

  #ringAt(time: number): void {
    this.#dueAt = time
    this.#timer = alarm(time, () => this.#check())
    // A connection that nobody waits for does not keep the process alive.
    this.#timer?.unref()
  }

  #check(): void {
    const time = now()
    const { receivedAt } = this.#watched
    if (time - receivedAt < this.#millis) {
      this.#ringAt(receivedAt + this.#millis)
      return
    }
    const isAnswerDue = receivedAt <= this.#probedAt
    const wasSuspended = time - this.#dueAt > this.#millis * LATE
    if (!isAnswerDue || wasSuspended) {
      this.#probedAt = time
      this.#watched.probe()
      this.#ringAt(time + this.#millis)
      return
    }
    // What came while the event loop was blocked is read before that.
    setImmediate(() => this.#judge(receivedAt))
  }

  #judge(receivedAt: number): void {
    if (this.#isOver) return
    if (this.#watched.receivedAt > receivedAt) {
      this.#check()
      return
    }
    this.#isOver = true
    const seconds = Math.round((now() - receivedAt) / 100) / 10
    this.#watched.silent(new Error(`nothing came for ${seconds} s, and no answer to a heartbeat`))
  }
}
