// Listeners to the events of a map or a session. What one of them throws reaches neither the others nor the code that
// tells of the event: it is reported.
import { describe } from './call-options'

export type EventListener<E> = (event: E) => void

/** Gets what listeners throw, also asynchronously. */
export type ListenerFailure = (error: unknown) => void

/** `Events` maps each event's name to what its listeners get. */
export class EventListeners<Events extends object> {
  readonly #names: readonly (keyof Events & string)[]
  readonly #report: ListenerFailure
  readonly #listeners = new Map<keyof Events, Set<EventListener<never>>>()

  constructor(names: readonly (keyof Events & string)[], report: ListenerFailure) {
    this.#names = names
    this.#report = report
  }

  /** @throws {TypeError} there is no such event, or the listener is not a function. */
  add<N extends keyof Events & string>(name: N, listener: EventListener<Events[N]>): void {
    if (!this.#names.includes(name)) {
      throw new TypeError(`There is no event ${describe(name)}; the events are ${this.#names.join(', ')}`)
    }
    if (typeof listener !== 'function') {
      throw new TypeError(`The listener to '${name}' is ${describe(listener)}; pass a function`)
    }
    let listeners = this.#listeners.get(name)
    if (listeners === undefined) {
      listeners = new Set()
      this.#listeners.set(name, listeners)
    }
    listeners.add(listener)
  }

  remove<N extends keyof Events & string>(name: N, listener: EventListener<Events[N]>): void {
    this.#listeners.get(name)?.delete(listener)
  }

  has(name: keyof Events): boolean {
    return (this.#listeners.get(name)?.size ?? 0) > 0
  }

  /** Tells every listener that is there now. */
  emit<N extends keyof Events & string>(name: N, event: Events[N]): void {
    const listeners = this.#listeners.get(name)
    if (listeners === undefined) return
    for (const listener of [...listeners] as EventListener<Events[N]>[]) {
      try {
        // A listener may be an async function, whatever its type says.
        const result = (listener as (event: Events[N]) => unknown)(event)
        if (result instanceof Promise) result.catch(this.#report)
      } catch (error) {
        this.#report(error)
      }
    }
  }
}
