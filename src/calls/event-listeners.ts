// Listeners to the events of a map or a session. An error that one of them throws is reported. It reaches neither the
// other listeners nor the code that emits the event. A listener runs in the context of the code that added it, so that
// `AsyncLocalStorage` has there what it has here.
import { AsyncResource } from 'node:async_hooks'
import { shown as describe } from './shown'
import { runReporting } from './user-code'

export type EventListener<E> = (event: E) => void

/** Gets the errors that listeners throw, also asynchronously. */
export type ListenerFailure = (error: unknown) => void

interface Added {
  /** How often it is called. */
  readonly calls: 'always' | 'once'
  /** Where it runs. */
  readonly context: AsyncResource
}

/** Returns the context of the code that runs now, for a listener to run in. */
export function contextOfListener(): AsyncResource {
  return new AsyncResource('CoherenceListener')
}

/** `Events` maps each event's name to the argument of its listeners. */
export class EventListeners<Events extends object> {
  readonly #names: readonly (keyof Events & string)[]
  readonly #report: ListenerFailure
  /** The listeners to each event. */
  readonly #listeners = new Map<keyof Events, Map<EventListener<never>, Added>>()

  constructor(names: readonly (keyof Events & string)[], report: ListenerFailure) {
    this.#names = names
    this.#report = report
  }

  /**
   * Adds a listener that is called each time, even if it was added before to be called once.
   *
   * @throws {TypeError} there is no such event, or the listener is not a function.
   */
  add<N extends keyof Events & string>(name: N, listener: EventListener<Events[N]>): void {
    this.#of(name, listener).set(listener, { calls: 'always', context: contextOfListener() })
  }

  /**
   * Adds a listener that is called at most once. Does nothing if it was added already.
   *
   * @throws {TypeError} there is no such event, or the listener is not a function.
   */
  addOnce<N extends keyof Events & string>(name: N, listener: EventListener<Events[N]>): void {
    const listeners = this.#of(name, listener)
    if (!listeners.has(listener)) listeners.set(listener, { calls: 'once', context: contextOfListener() })
  }

  #of(name: keyof Events & string, listener: unknown): Map<EventListener<never>, Added> {
    this.#check(name, listener)
    const listeners = this.#listeners.get(name) ?? new Map<EventListener<never>, Added>()
    this.#listeners.set(name, listeners)
    return listeners
  }

  #check(name: keyof Events & string, listener: unknown): void {
    if (!this.#names.includes(name)) {
      throw new TypeError(
        `There is no event ${describe(name)}; the events are ${this.#names.join(', ')}${hintOn(name)}`,
      )
    }
    if (typeof listener !== 'function') {
      throw new TypeError(`The listener to '${name}' is ${describe(listener)}; pass a function`)
    }
  }

  /** @throws {TypeError} there is no such event, or the listener is not a function. */
  remove<N extends keyof Events & string>(name: N, listener: EventListener<Events[N]>): void {
    this.#check(name, listener)
    this.#listeners.get(name)?.delete(listener)
  }

  has(name: keyof Events): boolean {
    return (this.#listeners.get(name)?.size ?? 0) > 0
  }

  /** Calls every listener that is registered now. */
  emit<N extends keyof Events & string>(name: N, event: Events[N]): void {
    const listeners = this.#listeners.get(name)
    if (listeners === undefined) return
    for (const [listener, { calls, context }] of [...listeners]) {
      // A nested event may have called it already.
      if (calls === 'once' && !listeners.delete(listener)) continue
      const run = listener as (event: Events[N]) => unknown
      void runReporting(() => context.runInAsyncScope(run, undefined, event), this.#report)
    }
  }
}

/** Advises users of other clients, which have listeners to the events of entries here, to call `listen`. */
function hintOn(name: unknown): string {
  if (typeof name !== 'string' || !/^(?:entry_?)?(?:insert|update|delete)/i.test(name)) return ''
  return '; events of entries are told by map.listen({ onInsert, onUpdate, onDelete })'
}
