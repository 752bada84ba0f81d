// One registration on the server and all who share it.
import { alarm } from '../../async/alarm'
import { clearTimeout } from '../../async/real-time'
import { onAbort } from '../abort'
import { type Call, timeoutError } from '../call'
import type { EventSink, ListenTarget } from '../map-events'
import type { StreamLost } from './exchange'

/** What the server has, or should have: events without or with values. */
export type Registration = 'none' | 'lite' | 'full'

/** A sink that waits for a registration that serves it. */
export interface Asked {
  readonly sink: EventSink
  readonly call: Call
  readonly registered: () => void
  readonly failed: (reason: unknown) => void
}

export class ListenerGroup {
  readonly name: string
  readonly target: ListenTarget
  readonly filterId: number
  /** Who is told of events. */
  readonly sinks = new Set<EventSink>()
  readonly asked = new Set<Asked>()
  /** Who is called once when the server has what it should, or will not have it. */
  whenSettled: (() => void)[] = []
  /** What the server had when it answered last. */
  registered: Registration = 'none'
  /** Whether a request is under way. */
  isBusy = false
  /** Whether the server tells of no events although it takes the registration to be there. */
  isForgotten = false

  constructor(name: string, target: ListenTarget, filterId: number) {
    this.name = name
    this.target = target
    this.filterId = filterId
  }

  /** What the server should have. */
  get wanted(): Registration {
    for (const { lite } of this.sinks) if (!lite) return 'full'
    for (const { sink } of this.asked) if (!sink.lite) return 'full'
    return this.sinks.size + this.asked.size === 0 ? 'none' : 'lite'
  }

  /** What to ask the server for next; `undefined` where it has what it should. */
  get next(): Registration | undefined {
    // To ask for what it takes itself to have does nothing.
    if (this.isForgotten) return 'none'
    return this.wanted === this.registered ? undefined : this.wanted
  }

  /** The server has what it should. */
  settle(): void {
    for (const { sink, registered } of [...this.asked]) {
      this.sinks.add(sink)
      registered()
    }
    this.#settled()
  }

  /** The server refuses what it should have. */
  refused(reason: unknown): void {
    for (const { failed } of [...this.asked]) failed(reason)
    this.#settled()
  }

  /** The server has nothing any more; who is told of events stays. */
  lost(reason: StreamLost): void {
    this.registered = 'none'
    this.isBusy = false
    this.isForgotten = false
    for (const { failed } of [...this.asked]) failed(reason)
    this.#settled()
  }

  /** It is over. Gives those who were told of events. */
  end(reason?: unknown): EventSink[] {
    for (const { failed } of [...this.asked]) failed(reason)
    this.#settled()
    const sinks = [...this.sinks]
    this.sinks.clear()
    return sinks
  }

  #settled(): void {
    const waiting = this.whenSettled
    this.whenSettled = []
    for (const settled of waiting) settled()
  }
}

/** Resolves when the group has a registration that serves the sink. */
export function asking(
  group: ListenerGroup,
  sink: EventSink,
  call: Call,
  synchronize: () => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (): void => {
      group.asked.delete(asked)
      clearTimeout(timer)
      takeBack()
    }
    const fail = (reason: unknown): void => {
      settle()
      reject(reason)
      synchronize()
    }
    const asked: Asked = {
      sink,
      call,
      registered: () => {
        settle()
        resolve()
      },
      failed: (reason) => {
        settle()
        reject(reason)
      },
    }
    const aborted = (): void => fail(call.signal?.reason)
    const timer = alarm(call.deadline, () => fail(timeoutError(call, 'unknown')))
    group.asked.add(asked)
    const takeBack = onAbort(call.signal, aborted)
    if (call.signal?.aborted === true) aborted()
    else synchronize()
  })
}

/** Resolves when the server has what the group needs now, or will not have it. */
export function settled(group: ListenerGroup, synchronize: () => void): Promise<void> {
  return new Promise((resolve) => {
    group.whenSettled.push(resolve)
    synchronize()
  })
}
