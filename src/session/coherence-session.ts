// What a session is to code that uses it: see coherence-map.ts.
import type { CoherenceCache, CoherenceMap } from '../cache/coherence-map'
import type { CallOptions } from '../calls/call-options'
import type { EventListener } from '../calls/event-listeners'
import type { CacheOptions } from './open-maps'
import type { Session } from './session'
import type { SessionEvents } from './session-events'

type Replaced = 'getMap' | 'getCache' | 'on' | 'once' | 'off'

/**
 * All that a `Session` can do, as an interface: a parameter of this type also takes a stand-in in a test.
 *
 * @example
 * ```ts
 * import type { CoherenceSession } from 'coherence-ts'
 *
 * async function isUp(session: Pick<CoherenceSession, 'ping'>): Promise<boolean> {
 *   return session.ping({ timeoutSeconds: 1 }).then(() => true, () => false)
 * }
 * console.log(await isUp({ ping: () => Promise.resolve(0.001) })) // prints true
 * ```
 */
export interface CoherenceSession extends Pick<Session, Exclude<keyof Session, Replaced>> {
  getMap<K = unknown, V = unknown>(name: string, options?: CallOptions): Promise<CoherenceMap<K, V>>
  getCache<K = unknown, V = unknown>(name: string, options?: CacheOptions): Promise<CoherenceCache<K, V>>
  on<N extends keyof SessionEvents>(event: N, listener: EventListener<SessionEvents[N]>): unknown
  once<N extends keyof SessionEvents>(event: N, listener: EventListener<SessionEvents[N]>): unknown
  off<N extends keyof SessionEvents>(event: N, listener: EventListener<SessionEvents[N]>): unknown
}
