// The timers and clocks of the simulation. In the tests of this folder it takes the place of `src/async/real-time.ts`.
import type { Scheduled, Scheduler } from './scheduler'

type Task<A extends unknown[]> = (...args: A) => void

/** A day in 2001, so that virtual dates look like no others. */
const EPOCH = 1_000_000_000_000

let current: Scheduler | undefined

/** From now on, all timers and clocks are those of this scheduler. */
export function useScheduler(scheduler: Scheduler | undefined): void {
  current = scheduler
  active.clear()
}

const active = new Set<VirtualTimer>()

/** How many timers keep the process alive. */
export function timersThatKeepAlive(): number {
  return [...active].filter((timer) => timer.hasRef()).length
}

function scheduler(): Scheduler {
  if (current === undefined) throw new Error('There is no simulation now')
  return current
}

class VirtualTimer {
  readonly #scheduler = scheduler()
  readonly #run: () => void
  readonly #millis: number
  readonly #repeats: boolean
  #task: Scheduled | undefined
  #keepsAlive = true

  constructor(run: () => void, millis: number, repeats: boolean) {
    this.#run = run
    this.#millis = millis
    this.#repeats = repeats
    this.refresh()
  }

  ref(): this {
    this.#keepsAlive = true
    return this
  }

  unref(): this {
    this.#keepsAlive = false
    return this
  }

  hasRef(): boolean {
    return this.#keepsAlive
  }

  refresh(): this {
    this.close()
    active.add(this)
    this.#task = this.#scheduler.after(this.#millis, 'timer', () => {
      this.#task = undefined
      active.delete(this)
      if (this.#repeats) this.refresh()
      this.#run()
    })
    return this
  }

  close(): void {
    if (this.#task !== undefined) this.#scheduler.cancel(this.#task)
    this.#task = undefined
    active.delete(this)
  }
}

export function setTimeout<A extends unknown[]>(run: Task<A>, millis = 0, ...args: A): VirtualTimer {
  return new VirtualTimer(() => run(...args), Math.max(1, millis), false)
}

export function setInterval<A extends unknown[]>(run: Task<A>, millis = 0, ...args: A): VirtualTimer {
  return new VirtualTimer(() => run(...args), Math.max(1, millis), true)
}

export function setImmediate<A extends unknown[]>(run: Task<A>, ...args: A): Scheduled {
  return scheduler().after(0, 'immediate', () => run(...args))
}

export function clearTimeout(timer: VirtualTimer | undefined): void {
  timer?.close()
}

export const clearInterval = clearTimeout

export function now(): number {
  return scheduler().now
}

export function wallClock(): number {
  return EPOCH + scheduler().now
}

const resolved = Promise.resolve()

export function soon(task: () => void): void {
  void resolved.then(task)
}
