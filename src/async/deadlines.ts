// Watches the deadlines of many calls with one timer. Most calls are answered long before their deadline, so adding or
// removing one changes no timer, unless it is the earliest of all.
import { alarm } from './alarm'
import { clearTimeout, now } from './real-time'
import { ChurnMap } from './churn-map'

/** An object with a deadline. `expired` is called when the deadline passes. */
export interface Expiring {
  /** On the clock of `now()`; `Infinity` for never. */
  readonly deadline: number
  expired(): void
}

export class Deadlines {
  readonly #pending = new ChurnMap<Expiring, Expiring>()
  #timer: NodeJS.Timeout | undefined
  /** When the timer fires. This may be the deadline of an object that was removed. */
  #ringsAt = Infinity

  /** Adds an object. It keeps the process alive until it is removed or expires. */
  add(expiring: Expiring): void {
    if (expiring.deadline === Infinity) return
    this.#pending.set(expiring, expiring)
    if (expiring.deadline < this.#ringsAt) this.#ringAt(expiring.deadline)
    else if (this.#pending.size === 1) this.#timer?.ref()
  }

  remove(expiring: Expiring): void {
    if (this.#pending.delete(expiring) && this.#pending.size === 0) this.#timer?.unref()
  }

  #ringAt(time: number): void {
    clearTimeout(this.#timer)
    this.#ringsAt = time
    this.#timer = alarm(time, () => this.#ring())
  }

  #ring(): void {
    this.#timer = undefined
    this.#ringsAt = Infinity
    const time = now()
    const overdue: Expiring[] = []
    let next = Infinity
    for (const expiring of this.#pending.keys()) {
      if (expiring.deadline <= time) overdue.push(expiring)
      else next = Math.min(next, expiring.deadline)
    }
    for (const expiring of overdue) this.#pending.delete(expiring)
    if (next !== Infinity) this.#ringAt(next)
    for (const expiring of overdue) expiring.expired()
  }
}
