// The registrations of one cache. The server keeps one listener for a key and one for a filter, so all sinks of a key
// or filter share one registration: without values where all of them are lite, with values otherwise. Registering
// again changes that in place, so no event is lost between.
import { wallClock } from '../../async/real-time'
import type { MapEventMessage } from '../../../gen/coherence/cache/v1/cache_service_messages_v1'
import type { MapListenerRequest } from '../../../gen/coherence/cache/v1/cache_service_messages_v1'
import { type Call, within } from '../call'
import { ServerError } from '../../errors'
import type { EntryEvent, EventSink, ListenTarget } from '../map-events'
import type { Bytes } from '../port'
import { StreamLost } from './exchange'
import { asking, ListenerGroup, type Registration, settled } from './listener-group'
import { byFilter, mayBePrintedOtherwise, nameOf, requestOf, textOf } from './listener-requests'
import { entryEvent } from './map-event-message'

/** Above that, listeners to keys are registered as such. */
const MOST_KEYS_BY_FILTER = 100

/**
 * Sends one request to the server on one stream and waits for its answer, as long as it takes where there is no `call`.
 * Rejects with `StreamLost` where the stream ends or does not know the cache.
 */
export type SendListenerRequest = (message: MapListenerRequest, call?: Call) => Promise<void>

export class ListenerGroups {
  readonly #groups = new Map<string, ListenerGroup>()
  readonly #byFilterId = new Map<number, ListenerGroup>()
  /** The sinks that miss events since `#lostAt`. */
  readonly #interrupted = new Set<EventSink>()
  /** What came on the new stream before they were told so. */
  #early: (() => void)[] = []
  #identify: ((key: Bytes) => string | undefined) | undefined
  #keyGroups = 0
  /** Sends on the stream that knows the cache; `undefined` while there is none. */
  #send: SendListenerRequest | undefined
  #lastHeard = wallClock()
  #lostAt: number | undefined

  /**
   * Resolves when the server has the registration; the sink is told of events from then on. Rejects with `StreamLost`
   * where there is no stream, or it is lost before.
   */
  add(target: ListenTarget, sink: EventSink, call: Call): Promise<void> {
    if (this.#send === undefined)
      return Promise.reject(new StreamLost(new Error('there is no stream'), false))
    const group = this.#groupFor(target)
    return asking(group, sink, call, () => this.#synchronize(group))
  }

  /** The sink is told of nothing from now on. Resolves when the server has forgotten what nobody needs any more. */
  remove(target: ListenTarget, sink: EventSink, call: Call): Promise<void> {
    const group = this.#groups.get(nameOf(target))
    this.#interrupted.delete(sink)
    if (group?.sinks.delete(sink) !== true) return Promise.resolve()
    return within(
      settled(group, () => this.#synchronize(group)),
      call,
    )
  }

  /** Tells all sinks that an event is for, once each. */
  dispatch(message: MapEventMessage): void {
    if (this.#interrupted.size > 0) {
      this.#early.push(() => this.dispatch(message))
      return
    }
    const event = entryEvent(message)
    if (event === undefined) return
    this.#lastHeard = wallClock()
    const told = new Set<EventSink>()
    for (const id of message.filterIds) tell(this.#byFilterId.get(Number(id)), event, told)
    if (this.#keyGroups > 0) tell(this.#keyGroup(event.key), event, told)
  }

  /**
   * The stream is lost, or forgot the cache: there are no registrations, and nobody can ask for one for now. Events
   * since `at` may be missing.
   */
  lost(reason: StreamLost, at: number): void {
    this.#send = undefined
    this.#early = []
    this.#lostAt = Math.min(this.#lostAt ?? at, at)
    for (const group of [...this.#groups.values()]) {
      for (const sink of group.sinks) this.#interrupt(sink)
      group.lost(reason)
      if (group.sinks.size === 0) this.#forget(group)
    }
  }

  /**
   * Registers all again on a new stream. What the server refuses is over, the others go on. Rejects with `StreamLost`
   * where the stream ends.
   */
  async restore(send: SendListenerRequest, call: Call): Promise<void> {
    this.#send = send
    await Promise.all(
      [...this.#groups.values()].map(async (group) => {
        try {
          await this.#request(group, send, group.wanted, call)
          this.#synchronize(group)
        } catch (error) {
          if (!(error instanceof ServerError) || this.#send !== send) throw error
          this.#end(group, error)
        }
      }),
    )
  }

  /** The server refuses what it had before. */
  #end(group: ListenerGroup, error: unknown): void {
    this.#forget(group)
    for (const sink of group.end(error)) {
      this.#interrupted.delete(sink)
      sink.ended(error)
    }
  }

  #interrupt(sink: EventSink): void {
    this.#interrupted.add(sink)
    sink.interrupted()
  }

  /** When the server told of its registrations last, in milliseconds since the epoch. */
  get lastHeard(): number {
    return this.#lastHeard
  }

  /** Tells all sinks that missed events of that, and then what came since all is registered again. */
  restored(): void {
    const from = this.#lostAt
    this.#lostAt = undefined
    const interrupted = [...this.#interrupted]
    this.#interrupted.clear()
    const early = this.#early
    this.#early = []
    if (from === undefined) return
    for (const sink of interrupted) sink.gap({ from, to: wallClock() })
    for (const tellOf of early) tellOf()
  }

  /** Tells all sinks that the map was truncated. */
  truncated(): void {
    if (this.#interrupted.size > 0) {
      this.#early.push(() => this.truncated())
      return
    }
    for (const group of [...this.#groups.values()]) for (const sink of [...group.sinks]) sink.truncated()
    if (this.#keyGroups > 0) this.#registerKeysAgain()
  }

  /** The requests that end all registrations on the server. */
  endRequests(): MapListenerRequest[] {
    const registered = [...this.#groups.values()].filter((group) => group.registered !== 'none')
    return registered.map((group) => requestOf(group, 'none'))
  }

  /** Tells all sinks that there will be no more events. */
  end(reason: unknown): void {
    this.#send = undefined
    this.#interrupted.clear()
    this.#early = []
    const groups = [...this.#groups.values()]
    for (const group of groups) this.#forget(group)
    for (const group of groups) for (const sink of group.end(reason)) sink.ended(reason)
  }

  #groupFor(target: ListenTarget): ListenerGroup {
    const name = nameOf(target)
    const known = this.#groups.get(name)
    if (known !== undefined) return known
    const registrable = this.#registrable(target)
    const group = new ListenerGroup(
      name,
      registrable,
      registrable.kind === 'filter' ? this.#freeFilterId() : 0,
    )
    this.#groups.set(name, group)
    if (registrable.kind === 'filter') {
      this.#byFilterId.set(group.filterId, group)
    } else {
      this.#identify = registrable.identify
      this.#keyGroups += 1
    }
    return group
  }

  /** Keys by a filter while there are few, for the reasons at `byFilter` and `mayBePrintedOtherwise`. */
  #registrable(target: ListenTarget): ListenTarget {
    const isFilter = this.#byFilterId.size < MOST_KEYS_BY_FILTER || mayBePrintedOtherwise(target)
    return isFilter ? byFilter(target) : target
  }

  /** The lowest one: it is also what tells the filter from others, and different clients had better have the same. */
  #freeFilterId(): number {
    let id = 1
    while (this.#byFilterId.has(id)) id += 1
    return id
  }

  #forget(group: ListenerGroup): void {
    if (!this.#groups.delete(group.name)) return
    if (group.target.kind === 'filter') this.#byFilterId.delete(group.filterId)
    else this.#keyGroups -= 1
  }

  /** By the bytes as they were registered, or by what they stand for: servers print keys in their own way. */
  #keyGroup(key: Bytes): ListenerGroup | undefined {
    const group = this.#groups.get(`key:${textOf(key)}`)
    if (group !== undefined || this.#identify === undefined) return group
    const text = this.#identify(key)
    return text === undefined ? undefined : this.#groups.get(`key:${text}`)
  }

  /** What is written meanwhile is missed, so it is told as a gap. */
  #registerKeysAgain(): void {
    const send = this.#send
    if (send === undefined) return
    this.#lostAt = wallClock()
    const registered = [...this.#groups.values()].flatMap((group) => {
      if (group.target.kind === 'filter') return []
      for (const sink of group.sinks) this.#interrupt(sink)
      group.isForgotten = true
      return [settled(group, () => this.#synchronize(group))]
    })
    void Promise.all(registered).then(() => {
      if (this.#send === send) this.restored()
    })
  }

  /** Brings what the server has to what it should have, one request after the other. */
  #synchronize(group: ListenerGroup): void {
    const send = this.#send
    if (send === undefined || group.isBusy) return
    const { next } = group
    if (next === undefined) {
      group.settle()
      if (group.sinks.size === 0) this.#forget(group)
      return
    }
    // The request is named by whoever asked for it, and goes on when they give up.
    const [asked] = group.asked
    const call = asked === undefined ? undefined : { ...asked.call, deadline: Infinity, signal: undefined }
    this.#request(group, send, next, call).then(
      () => this.#synchronize(group),
      (error: unknown) => {
        if (this.#send !== send || error instanceof StreamLost) return
        if (group.registered === 'none') {
          this.#end(group, error)
          return
        }
        group.refused(error)
        if (group.wanted !== next) this.#synchronize(group)
        else if (group.sinks.size === 0) this.#forget(group)
      },
    )
  }

  /** Nothing changes where the stream is another one when the answer comes. */
  async #request(
    group: ListenerGroup,
    send: SendListenerRequest,
    wanted: Registration,
    call?: Call,
  ): Promise<void> {
    group.isBusy = true
    if (wanted === 'none') group.isForgotten = false
    try {
      await send(requestOf(group, wanted), call)
      if (this.#send !== send) return
      this.#lastHeard = wallClock()
      group.registered = wanted
    } finally {
      if (this.#send === send) group.isBusy = false
    }
  }
}

function tell(group: ListenerGroup | undefined, event: EntryEvent, told: Set<EventSink>): void {
  if (group === undefined) return
  for (const sink of [...group.sinks]) {
    // One may be taken away by another that was told before it.
    if (told.has(sink) || !group.sinks.has(sink)) continue
    told.add(sink)
    sink.event(event)
  }
}
