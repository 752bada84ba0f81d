// The registrations of one cache, whatever the version of the protocol. The server keeps one listener for a key and one for a
// filter, so all sinks of a key or filter share one registration: without values if all of them are lite, with values
// otherwise. Changing that by registering again loses no event.
import { now, wallClock } from '../../async/real-time'
import { type Bytes, textOf } from '../../bytes'
import { type Call, within } from '../../calls/call'
import { ServerError } from '../../errors'
import { type EntryEvent, type EventSink, type ListenTarget, missedSince } from '../events'
import { StreamLost } from '../stream-lost'
import { type Level, Registration } from './registration'

/**
 * Makes a registration what is `wanted`, by one request on one stream, and waits for the answer, as long as it takes if there
 * is no `call`. Rejects with `StreamLost` if the stream ends or the server forgot the cache on it.
 */
export type Register = (registration: Registration, wanted: Level, call?: Call) => Promise<void>

export class Registrations {
  readonly #registrable: (target: ListenTarget, filters: number) => ListenTarget
  readonly #all = new Map<string, Registration>()
  readonly #byFilterId = new Map<number, Registration>()
  /** The sinks that miss events since `#lostAt`. */
  readonly #interrupted = new Set<EventSink>()
  /** What came on the new stream before they got their gap. */
  #early: (() => void)[] = []
  #identify: ((key: Bytes) => string | undefined) | undefined
  #byKey = 0
  /** Works on the stream that knows the cache; `undefined` while there is none. */
  #register: Register | undefined
  /** Until when all events had come when the last one did, on the clock of `now()`. */
  #heardUntil = now()
  /** The same for the stream that knows the cache. */
  #streamHeardUntil: () => number = now
  #lostAt: number | undefined
  /** When the last gap ended. */
  #restoredAt = -Infinity

  /** @param registrable What to register for a target, if there are so many registrations by filter. */
  constructor(registrable: (target: ListenTarget, filters: number) => ListenTarget) {
    this.#registrable = registrable
  }

  /** The registrations that the server has. */
  get registered(): readonly Registration[] {
    return [...this.#all.values()].filter(({ registered }) => registered !== 'none')
  }

  /**
   * Resolves when the server has the registration; the sink receives events from then on. Rejects with `StreamLost` if
   * there is no stream, or it is lost before.
   */
  async add(target: ListenTarget, sink: EventSink, call: Call): Promise<void> {
    if (this.#register === undefined) throw new StreamLost(new Error('there is no stream'), false)
    const registration = this.#registrationFor(target)
    await registration.add(sink, call, () => this.#synchronize(registration))
  }

  /** The sink receives nothing from now on. Resolves when the server has forgotten what nobody needs any more. */
  remove(target: ListenTarget, sink: EventSink, call: Call): Promise<void> {
    const registration = this.#all.get(nameOf(target))
    this.#interrupted.delete(sink)
    if (registration?.sinks.delete(sink) !== true) return Promise.resolve()
    return within(
      registration.settled(() => this.#synchronize(registration)),
      call,
    )
  }

  /** Passes an event to all sinks that it is for, once each. */
  dispatch(event: EntryEvent, filterIds: readonly number[]): void {
    if (this.#interrupted.size > 0) {
      this.#early.push(() => this.dispatch(event, filterIds))
      return
    }
    this.#heardUntil = this.#streamHeardUntil()
    const reached = new Set<EventSink>()
    for (const id of filterIds) pass(event, this.#byFilterId.get(id), reached)
    if (this.#byKey > 0) pass(event, this.#registrationOf(event.key), reached)
  }

  /** The server truncated the cache. */
  truncated(): void {
    if (this.#interrupted.size > 0) {
      this.#early.push(() => this.truncated())
      return
    }
    for (const { sinks } of [...this.#all.values()]) for (const sink of [...sinks]) sink.truncated()
    if (this.#byKey > 0) this.#registerKeysAgain()
  }

  /**
   * The stream is lost, or the server forgot the cache on it: there are no registrations, and none can be made for now.
   * Events since a moment before the last one may be missing.
   *
   * @param register What the loss is of, if it may be of an earlier stream; then nothing happens.
   */
  lost(reason: StreamLost, register = this.#register): void {
    if (this.#register !== register) return
    this.#register = undefined
    this.#early = []
    this.#lostAt ??= missedSince(this.#heardUntil, this.#restoredAt)
    for (const registration of [...this.#all.values()]) {
      for (const sink of registration.sinks) this.#interrupt(sink)
      registration.lost(reason)
      if (registration.sinks.size === 0) this.#forget(registration)
    }
  }

  /**
   * Makes all registrations again on a new stream. One that the server refuses is over, the others go on. Rejects with
   * `StreamLost` if the stream ends.
   *
   * @param heardUntil Until when all that the server sent on the stream has come, on the clock of `now()`.
   */
  async restore(register: Register, heardUntil: () => number, call: Call): Promise<void> {
    this.#register = register
    this.#streamHeardUntil = heardUntil
    await Promise.all(
      [...this.#all.values()].map(async (registration) => {
        try {
          await this.#request(registration, register, registration.wanted, call)
          this.#synchronize(registration)
        } catch (error) {
          if (!(error instanceof ServerError) || this.#register !== register) throw error
          this.#refused(registration, error)
        }
      }),
    )
  }

  /** All is registered again: reports a gap to the sinks that missed events, and then what came since. */
  restored(): void {
    const from = this.#lostAt
    this.#lostAt = undefined
    const interrupted = [...this.#interrupted]
    this.#interrupted.clear()
    const early = this.#early
    this.#early = []
    if (from === undefined) return
    const to = wallClock()
    this.#restoredAt = to
    for (const sink of interrupted) sink.gap({ from, to })
    for (const pass of early) pass()
  }

  /** No events come any more. */
  end(reason: unknown): void {
    this.#register = undefined
    this.#interrupted.clear()
    this.#early = []
    const all = [...this.#all.values()]
    for (const registration of all) this.#forget(registration)
    for (const registration of all) for (const sink of registration.end(reason)) sink.ended(reason)
  }

  #registrationFor(target: ListenTarget): Registration {
    const name = nameOf(target)
    const known = this.#all.get(name)
    if (known !== undefined) return known
    const registrable = this.#registrable(target, this.#byFilterId.size)
    const filterId = registrable.kind === 'filter' ? this.#freeFilterId() : 0
    const registration = new Registration(name, registrable, filterId)
    this.#all.set(name, registration)
    if (registrable.kind === 'filter') {
      this.#byFilterId.set(filterId, registration)
    } else {
      this.#identify = registrable.identify
      this.#byKey += 1
    }
    return registration
  }

  /** The lowest one: it also makes the filter unlike others, and different clients had better have the same. */
  #freeFilterId(): number {
    let id = 1
    while (this.#byFilterId.has(id)) id += 1
    return id
  }

  #forget(registration: Registration): void {
    if (!this.#all.delete(registration.name)) return
    if (registration.target.kind === 'filter') this.#byFilterId.delete(registration.filterId)
    else this.#byKey -= 1
  }

  /** The server refuses what it had before, or never had. */
  #refused(registration: Registration, error: unknown): void {
    this.#forget(registration)
    for (const sink of registration.end(error)) {
      this.#interrupted.delete(sink)
      sink.ended(error)
    }
  }

  #interrupt(sink: EventSink): void {
    this.#interrupted.add(sink)
    sink.interrupted()
  }

  /** By the bytes as they were registered, or by what they stand for: servers print keys in their own way. */
  #registrationOf(key: Bytes): Registration | undefined {
    const registration = this.#all.get(keyName(textOf(key)))
    if (registration !== undefined || this.#identify === undefined) return registration
    const text = this.#identify(key)
    return text === undefined ? undefined : this.#all.get(keyName(text))
  }

  /** Writes in the meantime are missed, so they are reported as a gap. */
  #registerKeysAgain(): void {
    const register = this.#register
    if (register === undefined) return
    this.#lostAt = wallClock()
    const again = [...this.#all.values()].filter(({ target }) => target.kind === 'key')
    const registered = again.map((registration) => {
      for (const sink of registration.sinks) this.#interrupt(sink)
      registration.isForgotten = true
      return registration.settled(() => this.#synchronize(registration))
    })
    void Promise.all(registered).then(() => {
      if (this.#register === register) this.restored()
    })
  }

  /** Makes the server have what it should, by one request after the other. */
  #synchronize(registration: Registration): void {
    const register = this.#register
    if (register === undefined || registration.isBusy) return
    const { next } = registration
    if (next === undefined) {
      registration.settle()
      if (registration.sinks.size === 0) this.#forget(registration)
      return
    }
    // The request has the name of the call that it is made for, and goes on if that gives up.
    const [waiting] = registration.waiting
    const call =
      waiting === undefined ? undefined : { ...waiting.call, deadline: Infinity, signal: undefined }
    this.#request(registration, register, next, call).then(
      () => this.#synchronize(registration),
      (error: unknown) => {
        if (this.#register !== register || error instanceof StreamLost) return
        if (registration.registered === 'none') {
          this.#refused(registration, error)
          return
        }
        registration.refused(error)
        if (registration.wanted !== next) this.#synchronize(registration)
        else if (registration.sinks.size === 0) this.#forget(registration)
      },
    )
  }

  /** Nothing changes if the stream is another one when the answer comes. */
  async #request(registration: Registration, register: Register, wanted: Level, call?: Call): Promise<void> {
    registration.isBusy = true
    if (wanted === 'none') registration.isForgotten = false
    try {
      await register(registration, wanted, call)
      if (this.#register !== register) return
      this.#heardUntil = this.#streamHeardUntil()
      registration.registered = wanted
    } finally {
      if (this.#register === register) registration.isBusy = false
    }
  }
}

/** Equal for targets that share a registration. */
function nameOf(target: ListenTarget): string {
  return target.kind === 'key' ? keyName(textOf(target.key)) : `filter:${textOf(target.events.bytes)}`
}

function keyName(text: string): string {
  return `key:${text}`
}

function pass(event: EntryEvent, registration: Registration | undefined, reached: Set<EventSink>): void {
  if (registration === undefined) return
  for (const sink of [...registration.sinks]) {
    // One may be removed by another that was called before it.
    if (reached.has(sink) || !registration.sinks.has(sink)) continue
    reached.add(sink)
    sink.event(event)
  }
}
