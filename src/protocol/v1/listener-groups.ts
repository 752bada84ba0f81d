// The registrations of one cache. The server keeps one listener for a key and one for a filter, so all sinks of a key
// or filter share one registration: without values where all of them are lite, with values otherwise. Registering
// again changes that in place, so no event is lost between.
import type { MapEventMessage } from '../../../gen/coherence/cache/v1/cache_service_messages_v1'
import { type MapListenerRequest } from '../../../gen/coherence/cache/v1/cache_service_messages_v1'
import { onAbort } from '../abort'
import { alarm, type Call, timeoutError } from '../call'
import { ServerError } from '../../errors'
import type { EntryEvent, EventSink, ListenTarget } from '../map-events'
import type { Bytes } from '../port'
import { asBuffer } from './envelope'
import { StreamLost } from './exchange'
import { type Asked, ListenerGroup, type Registration } from './listener-group'
import { entryEvent } from './map-event-message'

const UNICODE_ESCAPE = '\\u'

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
  #lastHeard = Date.now()
  #lostAt: number | undefined

  /**
   * Resolves when the server has the registration; the sink is told of events from then on. Rejects with `StreamLost`
   * where there is no stream, or it is lost before.
   */
  add(target: ListenTarget, sink: EventSink, call: Call): Promise<void> {
    if (this.#send === undefined)
      return Promise.reject(new StreamLost(new Error('there is no stream'), false))
    const group = this.#groupFor(registrable(target))
    return asking(group, sink, call, () => this.#synchronize(group))
  }

  /** The sink is told of nothing from now on. Resolves when the server has forgotten what nobody needs any more. */
  remove(target: ListenTarget, sink: EventSink, call: Call): Promise<void> {
    const group = this.#groups.get(nameOf(registrable(target)))
    this.#interrupted.delete(sink)
    if (group?.sinks.delete(sink) !== true) return Promise.resolve()
    return leaving(group, call, () => this.#synchronize(group))
  }

  /** Tells all sinks that an event is for, once each. */
  dispatch(message: MapEventMessage): void {
    if (this.#interrupted.size > 0) {
      this.#early.push(() => this.dispatch(message))
      return
    }
    const event = entryEvent(message)
    if (event === undefined) return
    this.#lastHeard = Date.now()
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
      for (const sink of group.sinks) {
        this.#interrupted.add(sink)
        sink.interrupted()
      }
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
          this.#forget(group)
          for (const sink of group.end(error)) {
            this.#interrupted.delete(sink)
            sink.ended(error)
          }
        }
      }),
    )
  }

  /** When the server told of its registrations last, on the clock of `Date.now()`. */
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
    for (const sink of interrupted) sink.gap({ from, to: Date.now() })
    for (const tellOf of early) tellOf()
  }

  /** Tells all sinks that the map was truncated. */
  truncated(): void {
    if (this.#interrupted.size > 0) {
      this.#early.push(() => this.truncated())
      return
    }
    for (const group of [...this.#groups.values()]) for (const sink of [...group.sinks]) sink.truncated()
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
    const group = new ListenerGroup(name, target, target.kind === 'filter' ? this.#freeFilterId() : 0)
    this.#groups.set(name, group)
    if (target.kind === 'filter') {
      this.#byFilterId.set(group.filterId, group)
    } else {
      this.#identify = target.identify
      this.#keyGroups += 1
    }
    return group
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

  /** Brings what the server has to what it should have, one request after the other. */
  #synchronize(group: ListenerGroup): void {
    const send = this.#send
    if (send === undefined || group.isBusy) return
    const { wanted } = group
    if (wanted === group.registered) {
      group.settle()
      if (group.sinks.size === 0) this.#forget(group)
      return
    }
    // The request is named by whoever asked for it, and goes on when they give up.
    const [asked] = group.asked
    const call = asked === undefined ? undefined : { ...asked.call, deadline: Infinity, signal: undefined }
    this.#request(group, send, wanted, call).then(
      () => this.#synchronize(group),
      (error: unknown) => {
        if (this.#send !== send || error instanceof StreamLost) return
        group.refused(error)
        if (group.wanted !== wanted) this.#synchronize(group)
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
    try {
      await send(requestOf(group, wanted), call)
      if (this.#send !== send) return
      this.#lastHeard = Date.now()
      group.registered = wanted
    } finally {
      if (this.#send === send) group.isBusy = false
    }
  }
}

/** Resolves when the group has a registration that serves the sink. */
function asking(group: ListenerGroup, sink: EventSink, call: Call, synchronize: () => void): Promise<void> {
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

/** Resolves when the server has what the group needs now. */
function leaving(group: ListenerGroup, call: Call, synchronize: () => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (): void => {
      group.leaving.delete(left)
      clearTimeout(timer)
    }
    const left = (): void => {
      settle()
      resolve()
    }
    const timer = alarm(call.deadline, () => {
      settle()
      reject(timeoutError(call, 'unknown'))
    })
    group.leaving.add(left)
    synchronize()
  })
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

function nameOf(target: ListenTarget): string {
  return target.kind === 'key' ? `key:${textOf(target.key)}` : `filter:${textOf(target.filter)}`
}

function textOf(bytes: Bytes): string {
  return asBuffer(bytes).toString('latin1')
}

function requestOf(
  { target, filterId, registered }: ListenerGroup,
  wanted: Registration,
): MapListenerRequest {
  const lite = (wanted === 'none' ? registered : wanted) === 'lite'
  return listenerRequest(target, filterId, wanted !== 'none', lite)
}

/**
 * The server looks for whoever listens to a key by its own print of it, which has no such escapes: it finds nobody who
 * wants values, and gives none. A filter does the same for such keys.
 */
export function registrable(target: ListenTarget): ListenTarget {
  if (target.kind === 'filter' || !asBuffer(target.key).includes(UNICODE_ESCAPE)) return target
  return { kind: 'filter', filter: target.filter(0), distinct: target.filter }
}

/** The request that registers or ends a registration. */
export function listenerRequest(
  target: ListenTarget,
  filterId: number,
  subscribe: boolean,
  lite: boolean,
): MapListenerRequest {
  return {
    subscribe,
    keyOrFilter: {
      keyOrFilter:
        target.kind === 'key'
          ? { $case: 'key', value: asBuffer(target.key) }
          : { $case: 'filter', value: asBuffer(filterOf(target, filterId)) },
    },
    filterId: BigInt(filterId),
    lite,
    // No server reads it: events of a client's own writes come before their answers anyway.
    synchronous: false,
    // A registration that primes would take the old values away from all others of its key.
    priming: false,
    trigger: Buffer.alloc(0),
  }
}

/**
 * The server takes two filters for one where they are equal to Java, as `in` is for any order of its values, and gives
 * events to the last id alone. So all but the first of a cache are made different from the others.
 */
function filterOf({ filter, distinct }: ListenTarget & { kind: 'filter' }, filterId: number): Bytes {
  return filterId <= 1 ? filter : distinct(filterId - 1)
}
