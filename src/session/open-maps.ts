// The maps and caches that are open on a session: one for each name, until it is released or destroyed.
import { now } from '../async/real-time'
import { beginCall, CALL_OPTIONS, type CallOptions, type CallOwner, describe } from '../calls/call-options'
import { captureCaller, wrongArgument } from '../calls/caller-stack'
import { MapContext, type MapSettings } from '../cache/map-context'
import { MapLifecycle, type MapLifecycleEvent } from '../cache/map-lifecycle'
import { NamedCache } from '../cache/named-cache'
import { operationsOf } from '../cache/operations'
import { DEFAULT_TTL, ttlMillisOf } from '../cache/entries/ttl'
import { ConnectionError, RequestTimeoutError } from '../errors'
import { type Call, within } from '../calls/call'
import type { CacheEvents } from '../protocol/events'
import type { CacheConnection } from '../protocol/port'

/** Options of `getCache`. */
export interface CacheOptions extends CallOptions {
  /** How long entries live that are stored without `ttlSeconds`, in seconds; `Infinity` for ever. */
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
  readonly #owner: CallOwner
  readonly #settings: Omit<MapSettings, 'defaultTtlMillis'>
  readonly #connection: () => CacheConnection
  readonly #observe: (event: MapLifecycleEvent) => void
  readonly #open = new Map<string, OpenMap>()
  readonly #active = new Set<string>()
  /** Inactive maps that still have calls in progress. */
  readonly #draining = new Map<MapLifecycle, Draining>()

  /**
   * @param owner The session, on which `getMap` and `getCache` are called.
   * @param connection Returns the connection of the session.
   * @param observe Gets the events of all maps.
   */
  constructor(
    owner: CallOwner,
    settings: Omit<MapSettings, 'defaultTtlMillis'>,
    connection: () => CacheConnection,
    observe: (event: MapLifecycleEvent) => void,
  ) {
    this.#owner = owner
    this.#settings = settings
    this.#connection = connection
    this.#observe = observe
  }

  async get<K, V>(
    operation: 'getMap' | 'getCache',
    name: string,
    options: CacheOptions | undefined,
  ): Promise<NamedCache<K, V>> {
    const known = operation === 'getMap' ? CALL_OPTIONS : CACHE_OPTIONS
    // Some programs get the open map again for each operation, so stacks are captured only if calls are few.
    const caller = this.#open.has(name) ? undefined : captureCaller()
    const call = beginCall({ ...this.#owner, name }, operation, options, known, caller)
    try {
      if (typeof name !== 'string' || name === '') {
        throw wrongArgument(`The name of a map is ${describe(name)}; pass a string that is not empty`)
      }
      const seconds = options?.defaultTtlSeconds
      const ttlMillis =
        seconds === undefined ? undefined : ttlMillisOf(operation, 'defaultTtlSeconds', seconds)
      return (await this.#get(call, name, ttlMillis)) as NamedCache<K, V>
    } catch (error) {
      throw call.failure(error)
    } finally {
      call.end()
    }
  }

  async #get(call: Call, name: string, ttlMillis: number | undefined): Promise<NamedCache<unknown, unknown>> {
    for (;;) {
      const open = this.#open.get(name)
      if (open === undefined) {
        // A caller that aborts while the map is opened does not abort the others that wait for the map.
        const cache = this.#openAnew({ ...call, signal: undefined }, name, ttlMillis ?? DEFAULT_TTL)
        return within(cache, { ...call, deadline: Infinity })
      }
      if (ttlMillis !== undefined && ttlMillis !== open.defaultTtlMillis) {
        throw wrongArgument(
          `'${name}' is open with another defaultTtlSeconds; pass the same, or release the open one first`,
        )
      }
      try {
        return await within(open.cache, call)
      } catch (error) {
        const isOutOfTime = error instanceof RequestTimeoutError || error instanceof ConnectionError
        // The caller that opens the map may have had less time than this one.
        if (!isOutOfTime || now() >= call.deadline) throw error
      }
    }
  }

  #openAnew(call: Call, name: string, defaultTtlMillis: number): Promise<NamedCache<unknown, unknown>> {
    const settings = { ...this.#settings, defaultTtlMillis }
    const lifecycle = new MapLifecycle(
      name,
      (event) => this.#changed(name, lifecycle, event),
      (error) => settings.report(error),
    )
    const events: CacheEvents = {
      truncated: () => lifecycle.truncated(),
      destroyed: () => lifecycle.deactivate('destroyed'),
    }
    const cache = within(this.#drained(name), call).then(async () => {
      const remote = await this.#connection().openCache(name, events, call)
      if (lifecycle.inactive === undefined) this.#active.add(name)
      const context = new MapContext<unknown, unknown>(remote, settings, lifecycle)
      return new NamedCache(context, operationsOf(context))
    })
    this.#open.set(name, { cache, lifecycle, defaultTtlMillis })
    cache.catch(() => this.#forget(name, lifecycle))
    return cache
  }

  /** Resolves when no call is in progress on a released map of that name, so that the order of writes is kept. */
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
    for (const lifecycle of this.#draining.keys()) lifecycle.sessionClosed()
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
