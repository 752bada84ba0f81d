// The maps and caches that are open on a session: one for each name, until it is released or destroyed.
import { now } from '../async/real-time'
import { wrongArgument } from '../calls/caller-stack'
import { CALL_OPTIONS, callOf, type CallOptions, checkedOptions, describe } from '../cache/call-options'
import type { ListenerFailure } from '../cache/event-listeners'
import { MapContext, type MapSettings } from '../cache/map-context'
import { MapLifecycle, type MapLifecycleEvent } from '../cache/map-lifecycle'
import { NamedCache } from '../cache/named-cache'
import { DEFAULT_TTL, ttlMillisOf } from '../cache/ttl'
import { ConnectionError, RequestTimeoutError } from '../errors'
import { type Call, within } from '../protocol/call'
import type { CacheConnection } from '../protocol/port'

/** Options of `getCache`. */
export interface CacheOptions extends CallOptions {
  /** The life of entries that are stored without one of their own, in seconds; `Infinity` for ever. */
  readonly defaultTtlSeconds?: number | undefined
}

const CACHE_OPTIONS = [...CALL_OPTIONS, 'defaultTtlSeconds'] as const

interface Draining {
  readonly name: string
  readonly idle: Promise<void>
}

interface OpenMap {
  readonly cache: Promise<NamedCache<unknown, unknown>>
  readonly lifecycle: MapLifecycle
  readonly defaultTtlMillis: number
}

export class OpenMaps {
  readonly #settings: Omit<MapSettings, 'defaultTtlMillis'>
  readonly #observe: (event: MapLifecycleEvent) => void
  readonly #report: ListenerFailure
  readonly #open = new Map<string, OpenMap>()
  readonly #active = new Set<string>()
  /** Maps that are inactive while calls of theirs are still in progress. */
  readonly #draining = new Map<MapLifecycle, Draining>()

  constructor(
    settings: Omit<MapSettings, 'defaultTtlMillis'>,
    observe: (event: MapLifecycleEvent) => void,
    report: ListenerFailure,
  ) {
    this.#settings = settings
    this.#observe = observe
    this.#report = report
  }

  /** Whether it is open, or being opened. */
  has(name: string): boolean {
    return this.#open.has(name)
  }

  get<K, V>(
    operation: 'getMap' | 'getCache',
    name: string,
    options: unknown,
    connection: CacheConnection,
  ): Promise<NamedCache<K, V>> {
    if (typeof name !== 'string' || name === '') {
      throw wrongArgument(`The name of a map is ${describe(name)}; pass a string that is not empty`)
    }
    const known = operation === 'getMap' ? CALL_OPTIONS : CACHE_OPTIONS
    const given = checkedOptions(operation, options, known)
    const { defaultTtlSeconds } = given
    const ttlMillis =
      defaultTtlSeconds === undefined
        ? undefined
        : ttlMillisOf(operation, 'defaultTtlSeconds', defaultTtlSeconds)
    const call = callOf(operation, name, given, this.#settings.requestTimeoutSeconds)
    call.signal?.throwIfAborted()

    return this.#get(call, name, ttlMillis, connection) as Promise<NamedCache<K, V>>
  }

  #get(
    call: Call,
    name: string,
    ttlMillis: number | undefined,
    connection: CacheConnection,
  ): Promise<NamedCache<unknown, unknown>> {
    const open = this.#open.get(name)
    if (open === undefined) {
      // Whoever gives up while it is opened gives up alone: others may ask for it meanwhile.
      const cache = this.#openAnew({ ...call, signal: undefined }, name, ttlMillis ?? DEFAULT_TTL, connection)
      return within(cache, { ...call, deadline: Infinity })
    }
    if (ttlMillis !== undefined && ttlMillis !== open.defaultTtlMillis) {
      throw wrongArgument(
        `'${name}' is open with another defaultTtlSeconds; pass the same, or release the open one first`,
      )
    }
    return within(open.cache, call).catch((error: unknown) => {
      const timeWasOver = error instanceof RequestTimeoutError || error instanceof ConnectionError
      // Whoever opened it may have had less time.
      if (timeWasOver && now() < call.deadline) return this.#get(call, name, ttlMillis, connection)
      throw error
    })
  }

  #openAnew(
    call: Call,
    name: string,
    defaultTtlMillis: number,
    connection: CacheConnection,
  ): Promise<NamedCache<unknown, unknown>> {
    const settings = { ...this.#settings, defaultTtlMillis }
    const lifecycle = new MapLifecycle(name, (event) => this.#changed(name, lifecycle, event), this.#report)
    const cache = this.#drained(name).then(async () => {
      const remote = await connection.openCache(name, eventsOf(lifecycle), call)
      if (lifecycle.inactive === undefined) this.#active.add(name)
      return new NamedCache<unknown, unknown>(new MapContext(remote, settings, lifecycle))
    })
    this.#open.set(name, { cache, lifecycle, defaultTtlMillis })
    cache.catch(() => this.#forget(name, lifecycle))
    return cache
  }

  /** Resolves when no call is in progress on a map of that name that was released: the order of its keys goes on. */
  async #drained(name: string): Promise<void> {
    for (const [lifecycle, draining] of this.#draining) {
      if (draining.name === name && lifecycle.inactive === 'released') await draining.idle
    }
  }

  activeNames(): string[] {
    return [...this.#active]
  }

  /** Resolves when no call of any map is in progress. */
  async idle(): Promise<void> {
    await Promise.all([
      ...[...this.#open.values()].map(({ lifecycle }) => lifecycle.idle()),
      ...[...this.#draining.values()].map(({ idle }) => idle),
    ])
  }

  releaseAll(): void {
    for (const name of [...this.#active]) this.#open.get(name)?.lifecycle.deactivate('released')
  }

  #changed(name: string, lifecycle: MapLifecycle, event: MapLifecycleEvent): void {
    if (event.type !== 'truncated') {
      this.#forget(name, lifecycle)
      const idle = lifecycle.idle().then(() => void this.#draining.delete(lifecycle))
      this.#draining.set(lifecycle, { name, idle })
    }
    this.#observe(event)
  }

  #forget(name: string, lifecycle: MapLifecycle): void {
    if (this.#open.get(name)?.lifecycle !== lifecycle) return
    this.#open.delete(name)
    this.#active.delete(name)
  }
}

function eventsOf(lifecycle: MapLifecycle): { truncated(): void; destroyed(): void } {
  return {
    truncated: () => lifecycle.truncated(),
    destroyed: () => lifecycle.deactivate('destroyed'),
  }
}
