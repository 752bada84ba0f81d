// A cache under one id of one stream: its listeners there, and the events that they get.
import {
  MapEventMessage_TransformationState as Transformation,
  ResponseType,
} from '../../../gen/coherence/cache/v1/cache_service_messages_v1'
import type { CacheEvent } from '../evaluators/entry'
import type { EventFilter } from '../evaluators/event-filters'
import { JavaException } from '../java/java-exception'
import type { JavaValue } from '../java/java-value'
import type { CacheListener, Change, StoredCache } from '../store/stored-cache'
import { type Stored, valueOf } from '../store/stored-value'
import { bytesOf, bytesOfValue, NULL_BYTES } from './json-bytes'
import { mapEventPayload, NO_BYTES } from './payloads'
import type { Responses } from './responses'

export interface KeyRegistration {
  /** Whether its events may come without values. */
  readonly isLite: boolean
  readonly isPriming: boolean
}

export interface FilterRegistration {
  /** What the filter is known by: equal filters are one. */
  readonly identity: string
  readonly filter: EventFilter
  readonly filterId: bigint
  readonly isLite: boolean
  readonly isPriming: boolean
}

const EVENT_IDS = { insert: 1, update: 2, delete: 3 } as const
const PRIMING = 2
/** With the bits for synthetic and priming events. */
const PRIMING_AGAIN = 2 | 8 | 64

export class CacheView implements CacheListener {
  readonly #responses: Responses
  readonly id: number
  readonly cache: StoredCache
  /** Whether this id was used to destroy the cache. */
  wasDestroyedHere = false
  readonly #byKey = new Map<string, { plain?: KeyRegistration; priming?: KeyRegistration }>()
  readonly #byFilter = new Map<string, FilterRegistration>()

  constructor(responses: Responses, id: number, cache: StoredCache) {
    this.#responses = responses
    this.id = id
    this.cache = cache
    cache.listeners.add(this)
  }

  /** Returns whether a listener of the same kind was there. */
  addKey(key: string, registration: KeyRegistration): boolean {
    const known = this.#byKey.get(key) ?? {}
    const kind = registration.isPriming ? 'priming' : 'plain'
    const wasThere = known[kind] !== undefined
    this.#byKey.set(key, { ...known, [kind]: registration })
    return wasThere
  }

  removeKey(key: string, isPriming: boolean): void {
    const known = this.#byKey.get(key)
    if (known === undefined) return
    const left = isPriming ? known.plain : known.priming
    if (left === undefined) this.#byKey.delete(key)
    else this.#byKey.set(key, isPriming ? { plain: left } : { priming: left })
  }

  addFilter(registration: FilterRegistration): void {
    this.#byFilter.set(registration.identity, registration)
  }

  removeFilter(identity: string): void {
    this.#byFilter.delete(identity)
  }

  /** Tells what a key has now, as the answer to a listener that asked for it; in two events where it is not the first. */
  prime(key: Stored, value: Stored | undefined, isAgain: boolean): void {
    const event = {
      key,
      newValue: bytesOrNull(value),
      oldValue: NO_BYTES,
      filterIds: [],
      isSynthetic: true,
      isPriming: true,
      isExpiry: false,
    }
    this.#send({ ...event, id: PRIMING })
    if (isAgain) this.#send({ ...event, id: PRIMING_AGAIN, transformation: Transformation.TRANSFORMABLE })
  }

  changed(change: Change): void {
    if (this.#byKey.size === 0 && this.#byFilter.size === 0) return
    const event = new LazyEvent(change)
    const filterIds: bigint[] = []
    let isLite = true
    for (const { filter, filterId, isLite: mayBeLite } of this.#byFilter.values()) {
      const accepted = evaluated(filter, event)
      if (accepted === undefined) continue
      if (accepted === event) {
        filterIds.push(filterId)
        isLite &&= mayBeLite
      } else {
        this.#sendTransformed(change, accepted, filterId, mayBeLite)
      }
    }
    const byKey = this.#byKey.get(change.id)
    if (filterIds.length === 0 && byKey === undefined) return
    const isPlain = filterIds.length > 0 || byKey?.plain !== undefined
    isLite &&= byKey?.plain?.isLite ?? true
    const isPrimingLite = byKey?.priming?.isLite ?? true
    this.#send({
      id: EVENT_IDS[change.kind],
      key: change.key,
      newValue: isLite && isPrimingLite ? NO_BYTES : bytesOrNull(change.newValue),
      oldValue: isLite || !isPlain ? NO_BYTES : bytesOrNull(change.oldValue),
      filterIds,
      isSynthetic: change.isExpiry,
      isPriming: false,
      isExpiry: change.isExpiry,
    })
  }

  truncated(): void {
    this.#responses.event(this.id, ResponseType.Truncated)
    this.#responses.event(this.id, ResponseType.MapEvent, mapEventPayload(EMPTY_EVENT))
  }

  destroyed(): void {
    this.#byKey.clear()
    this.#byFilter.clear()
    this.#responses.event(this.id, ResponseType.Destroyed)
  }

  /** Forgets all listeners, as at the end of the stream. */
  close(): void {
    this.cache.listeners.delete(this)
  }

  #sendTransformed(change: Change, event: CacheEvent, filterId: bigint, isLite: boolean): void {
    this.#send({
      id: event.id,
      key: change.key,
      newValue: isLite ? NO_BYTES : bytesOfValue(event.newValue),
      oldValue: isLite ? NO_BYTES : bytesOfValue(event.oldValue),
      filterIds: [filterId],
      isSynthetic: change.isExpiry,
      isPriming: false,
      isExpiry: change.isExpiry,
      transformation: Transformation.TRANSFORMED,
    })
  }

  #send(event: SentEvent): void {
    const message = mapEventPayload({
      id: event.id,
      key: bytesOf(event.key),
      newValue: event.newValue,
      oldValue: event.oldValue,
      transformationState: event.transformation ?? Transformation.NON_TRANSFORMABLE,
      filterIds: event.filterIds,
      synthetic: event.isSynthetic,
      priming: event.isPriming,
      expired: event.isExpiry,
      versionUpdate: false,
    })
    this.#responses.event(this.id, ResponseType.MapEvent, message)
  }
}

function bytesOrNull(stored: Stored | undefined): Buffer {
  return stored === undefined ? NULL_BYTES : bytesOf(stored)
}

/** A filter that fails on an event does not let it through. */
function evaluated(filter: EventFilter, event: CacheEvent): CacheEvent | undefined {
  try {
    return filter.evaluate(event)
  } catch (error) {
    if (error instanceof JavaException) return undefined
    throw error
  }
}

interface SentEvent {
  readonly id: number
  readonly key: Stored
  readonly newValue: Buffer
  readonly oldValue: Buffer
  readonly filterIds: bigint[]
  readonly isSynthetic: boolean
  readonly isPriming: boolean
  readonly isExpiry: boolean
  readonly transformation?: Transformation
}

/** What the server sends beside the news that a cache was truncated. */
const EMPTY_EVENT = {
  id: 0,
  key: NO_BYTES,
  newValue: NO_BYTES,
  oldValue: NO_BYTES,
  transformationState: Transformation.NON_TRANSFORMABLE,
  filterIds: [],
  synthetic: false,
  priming: false,
  expired: false,
  versionUpdate: false,
}

/** A change as filters see it: they rarely look at all of it, so its values are read when they are asked for. */
class LazyEvent implements CacheEvent {
  readonly id: 1 | 2 | 3
  readonly synthetic: boolean
  readonly expired: boolean
  readonly #change: Change
  #key: JavaValue | undefined
  #oldValue: JavaValue | undefined
  #newValue: JavaValue | undefined

  constructor(change: Change) {
    this.#change = change
    this.id = EVENT_IDS[change.kind]
    this.synthetic = change.isExpiry
    this.expired = change.isExpiry
  }

  get key(): JavaValue {
    return (this.#key ??= valueOf(this.#change.key))
  }

  get oldValue(): JavaValue {
    return (this.#oldValue ??= valueOrNull(this.#change.oldValue))
  }

  get newValue(): JavaValue {
    return (this.#newValue ??= valueOrNull(this.#change.newValue))
  }
}

function valueOrNull(stored: Stored | undefined): JavaValue {
  return stored === undefined ? null : valueOf(stored)
}
