// The registrations of one cache. The server keeps one listener for a key and one for a filter, so all sinks of a key
// or filter share one registration: without values where all of them are lite, with values otherwise. Registering
// again changes that in place, so no event is lost between.
import type { MapEventMessage } from '../../../gen/coherence/cache/v1/cache_service_messages_v1'
import { type MapListenerRequest } from '../../../gen/coherence/cache/v1/cache_service_messages_v1'
import type { Call } from '../call'
import type { EntryEvent, EventGap, EventSink, ListenTarget } from '../map-events'
import type { Bytes } from '../port'
import { asBuffer } from './envelope'
import { entryEvent } from './map-event-message'

type Registration = 'none' | 'lite' | 'full'

/** Sends one request to the server and waits for its answer. */
export type SendListenerRequest = (message: MapListenerRequest, call: Call) => Promise<void>

class Group {
  readonly target: ListenTarget
  readonly filterId: number
  readonly sinks = new Set<EventSink>()
  /** What the server has. */
  registered: Registration = 'none'
  /** The end of the requests that are under way, one after the other. */
  requests: Promise<void> = Promise.resolve()

  constructor(target: ListenTarget, filterId: number) {
    this.target = target
    this.filterId = filterId
  }

  /** What the server should have. */
  get wanted(): Registration {
    if (this.sinks.size === 0) return 'none'
    for (const sink of this.sinks) if (!sink.lite) return 'full'
    return 'lite'
  }
}

export class ListenerGroups {
  readonly #send: SendListenerRequest
  readonly #groups = new Map<string, Group>()
  readonly #byFilterId = new Map<number, Group>()
  #identify: ((key: Bytes) => string | undefined) | undefined
  #keyGroups = 0
  #lastFilterId = 0

  constructor(send: SendListenerRequest) {
    this.#send = send
  }

  /** Resolves when the server has the registration; the sink may be told of events a little earlier. */
  async add(target: ListenTarget, sink: EventSink, call: Call): Promise<void> {
    const name = nameOf(target)
    let group = this.#groups.get(name)
    if (group === undefined) {
      group = new Group(target, target.kind === 'filter' ? ++this.#lastFilterId : 0)
      this.#groups.set(name, group)
      if (target.kind === 'filter') {
        this.#byFilterId.set(group.filterId, group)
      } else {
        this.#identify = target.identify
        this.#keyGroups += 1
      }
    }
    group.sinks.add(sink)
    try {
      await this.#synchronize(name, group, call)
    } catch (error) {
      group.sinks.delete(sink)
      this.#forgetEmpty(name, group)
      throw error
    }
  }

  /** The sink is told of nothing from now on. Resolves when the server has forgotten what nobody needs any more. */
  async remove(target: ListenTarget, sink: EventSink, call: Call): Promise<void> {
    const name = nameOf(target)
    const group = this.#groups.get(name)
    if (group?.sinks.delete(sink) !== true) return
    await this.#synchronize(name, group, call)
  }

  /** Tells all sinks that an event is for, once each. */
  dispatch(message: MapEventMessage): void {
    const event = entryEvent(message)
    if (event === undefined) return
    const told = new Set<EventSink>()
    for (const id of message.filterIds) this.#tell(this.#byFilterId.get(Number(id)), event, told)
    if (this.#keyGroups > 0) this.#tell(this.#keyGroup(event.key), event, told)
  }

  /** Registers all again on a new stream. */
  async restore(send: SendListenerRequest, call: Call): Promise<void> {
    await Promise.all(
      [...this.#groups.values()].map(async (group) => {
        const { wanted } = group
        group.registered = 'none'
        if (wanted === 'none') return
        await send(requestOf(group, wanted), call)
        group.registered = wanted
      }),
    )
  }

  /** Tells all sinks that the map was truncated. */
  truncated(): void {
    for (const sink of this.#sinks()) sink.truncated()
  }

  /** The requests that end all registrations on the server. */
  endRequests(): MapListenerRequest[] {
    const registered = [...this.#groups.values()].filter((group) => group.registered !== 'none')
    return registered.map((group) => requestOf(group, 'none'))
  }

  /** Tells all sinks that events were missed. */
  gap(gap: EventGap): void {
    for (const sink of this.#sinks()) sink.gap(gap)
  }

  /** Tells all sinks that there will be no more events. */
  end(reason: unknown): void {
    const sinks = this.#sinks()
    this.#groups.clear()
    this.#byFilterId.clear()
    this.#keyGroups = 0
    for (const sink of sinks) sink.ended(reason)
  }

  #sinks(): EventSink[] {
    return [...this.#groups.values()].flatMap((group) => [...group.sinks])
  }

  #tell(group: Group | undefined, event: EntryEvent, told: Set<EventSink>): void {
    if (group === undefined) return
    for (const sink of [...group.sinks]) {
      if (told.has(sink)) continue
      told.add(sink)
      sink.event(event)
    }
  }

  /** By the bytes as they were registered, or by what they stand for: servers print keys in their own way. */
  #keyGroup(key: Bytes): Group | undefined {
    const group = this.#groups.get(`key:${textOf(key)}`)
    if (group !== undefined || this.#identify === undefined) return group
    return this.#groups.get(`key:${this.#identify(key) ?? ''}`)
  }

  /** Brings what the server has to what it should have, after the requests that are under way. */
  #synchronize(name: string, group: Group, call: Call): Promise<void> {
    const synchronized = group.requests.then(async () => {
      const { wanted } = group
      if (wanted === group.registered) return
      await this.#send(requestOf(group, wanted), call)
      group.registered = wanted
    })
    group.requests = synchronized.catch(() => undefined)
    return synchronized.then(() => this.#forgetEmpty(name, group))
  }

  #forgetEmpty(name: string, group: Group): void {
    if (group.sinks.size > 0 || this.#groups.get(name) !== group) return
    this.#groups.delete(name)
    if (group.target.kind === 'filter') this.#byFilterId.delete(group.filterId)
    else this.#keyGroups -= 1
  }
}

function nameOf(target: ListenTarget): string {
  return target.kind === 'key' ? `key:${textOf(target.key)}` : `filter:${textOf(target.filter)}`
}

function textOf(bytes: Bytes): string {
  return asBuffer(bytes).toString('latin1')
}

function requestOf({ target, filterId, registered }: Group, wanted: Registration): MapListenerRequest {
  const lite = (wanted === 'none' ? registered : wanted) === 'lite'
  return listenerRequest(target, filterId, wanted !== 'none', lite)
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
          : { $case: 'filter', value: asBuffer(target.filter) },
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
