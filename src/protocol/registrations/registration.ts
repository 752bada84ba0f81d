// One registration on the server, and all sinks that share it.
import { waitFor } from '../../async/wait'
import { type Call, timeoutError } from '../../calls/call'
import type { EventSink, ListenTarget } from '../events'
import type { StreamLost } from '../stream-lost'

/** What the server has, or should have: nothing, events without values, or events with values. */
export type Level = 'none' | 'lite' | 'full'

/** A sink that waits until the registration serves it. */
export interface WaitingSink {
  readonly sink: EventSink
  readonly call: Call
  readonly registered: () => void
  readonly failed: (reason: unknown) => void
}

export class Registration {
  readonly name: string
  readonly target: ListenTarget
  /** What names a registration by filter in its events; 0 for one by key. */
  readonly filterId: number
  /** The sinks that receive its events. */
  readonly sinks = new Set<EventSink>()
  readonly waiting = new Set<WaitingSink>()
  /** Called once when the server has what it should, or will not have it. */
  whenSettled: (() => void)[] = []
  /** What the server had when it answered last. */
  registered: Level = 'none'
  /** Whether a request is under way. */
  isBusy = false
  /** Whether the server sends no events although it believes that it has the registration. */
  isForgotten = false

  constructor(name: string, target: ListenTarget, filterId: number) {
    this.name = name
    this.target = target
    this.filterId = filterId
  }

  /** What the server should have. */
  get wanted(): Level {
    for (const { lite } of this.sinks) if (!lite) return 'full'
    for (const { sink } of this.waiting) if (!sink.lite) return 'full'
    return this.sinks.size + this.waiting.size === 0 ? 'none' : 'lite'
  }

  /** What to ask the server for next; `undefined` if it has what it should. */
  get next(): Level | undefined {
    // Asking for what it believes that it has does nothing.
    if (this.isForgotten) return 'none'
    return this.wanted === this.registered ? undefined : this.wanted
  }

  /** The server has what it should. */
  settle(): void {
    for (const { sink, registered } of [...this.waiting]) {
      this.sinks.add(sink)
      registered()
    }
    this.#settled()
  }

  /** The server refuses what it should have. */
  refused(reason: unknown): void {
    for (const { failed } of [...this.waiting]) failed(reason)
    this.#settled()
  }

  /** The server has nothing any more; the sinks stay. */
  lost(reason: StreamLost): void {
    this.registered = 'none'
    this.isBusy = false
    this.isForgotten = false
    this.refused(reason)
  }

  /** The registration is over. Returns the sinks that it had. */
  end(reason?: unknown): EventSink[] {
    this.refused(reason)
    const sinks = [...this.sinks]
    this.sinks.clear()
    return sinks
  }

  /** Resolves when the server has a registration that serves the sink. `synchronize` makes the server have what it should. */
  add(sink: EventSink, call: Call, synchronize: () => void): Promise<undefined> {
    return waitFor<undefined>(
      call,
      () => timeoutError(call, 'unknown'),
      ({ resolve, reject }) => {
        let isAnswered = false
        const answered = (): void => {
          isAnswered = true
          this.waiting.delete(waiting)
        }
        const waiting: WaitingSink = {
          sink,
          call,
          registered: () => {
            answered()
            resolve(undefined)
          },
          failed: (reason) => {
            answered()
            reject(reason)
          },
        }
        this.waiting.add(waiting)
        synchronize()
        return () => {
          if (isAnswered) return
          // The sink gave up: what it needs is not needed any more.
          this.waiting.delete(waiting)
          synchronize()
        }
      },
    )
  }

  /** Resolves when the server has what is needed now, or will not have it. */
  settled(synchronize: () => void): Promise<void> {
    return new Promise((resolve) => {
      this.whenSettled.push(resolve)
      synchronize()
    })
  }

  #settled(): void {
    const waiting = this.whenSettled
    this.whenSettled = []
    for (const settled of waiting) settled()
  }
}
