// What maps and caches are to code that uses them. The classes have private members, so nothing else is of their types; a
// function that takes one of these can be tested with an object that is made by hand.
import type { EventListener } from '../calls/event-listeners'
import type { MapLifecycleEvents } from './map-lifecycle'
import type { NamedCache } from './named-cache'
import type { NamedMap } from './named-map'

/** Methods that return the object they are called on, which a stand-in need not do. */
type Chained = 'on' | 'once' | 'off'

interface Listened {
  on<N extends keyof MapLifecycleEvents>(event: N, listener: EventListener<MapLifecycleEvents[N]>): unknown
  once<N extends keyof MapLifecycleEvents>(event: N, listener: EventListener<MapLifecycleEvents[N]>): unknown
  off<N extends keyof MapLifecycleEvents>(event: N, listener: EventListener<MapLifecycleEvents[N]>): unknown
}

/**
 * All that a `NamedMap` can do, as an interface: a parameter of this type also takes a stand-in in a test. What uses only a
 * few methods asks for no more.
 *
 * @example
 * ```ts
 * import type { CoherenceMap } from 'coherence-ts'
 *
 * async function greet(names: Pick<CoherenceMap<string, string>, 'get'>, id: string): Promise<string> {
 *   return `Hello ${(await names.get(id)) ?? 'stranger'}`
 * }
 * console.log(await greet({ get: () => Promise.resolve('Ann') }, '1')) // prints Hello Ann
 * ```
 */
export interface CoherenceMap<K, V>
  extends Pick<NamedMap<K, V>, Exclude<keyof NamedMap<K, V>, Chained>>, Listened {}

/** All that a `NamedCache` can do, as an interface: see `CoherenceMap`. */
export interface CoherenceCache<K, V>
  extends Pick<NamedCache<K, V>, Exclude<keyof NamedCache<K, V>, Chained>>, Listened {}
