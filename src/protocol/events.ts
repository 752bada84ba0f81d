// What a cache on the server reports without being asked: the events of its entries, as bytes, and of the cache itself.
import { now, wallClock } from '../async/real-time'
import type { Bytes } from '../bytes'

/** Something happened to an entry. Empty bytes are what the server did not supply. */
export interface EntryEvent {
  readonly type: 'insert' | 'update' | 'delete'
  readonly key: Bytes
  readonly oldValue: Bytes
  readonly newValue: Bytes
  readonly expired: boolean
  readonly synthetic: boolean
  readonly priming: boolean
  readonly versionUpdate: boolean
}

/** A filter of events, as plain data and as bytes. */
export interface EventFilter {
  readonly query: object
  readonly bytes: Bytes
  /** The bytes of another filter. */
  readonly encode: (query: object) => Bytes
}

/** Which entries are listened to. */
export type ListenTarget =
  | {
      readonly kind: 'key'
      readonly key: Bytes
      /** A text that is equal for equal keys, for a key as the server prints it; `undefined` if it is no key of ours. */
      readonly identify: (key: Bytes) => string | undefined
      /** Accepts the events of that key. */
      readonly events: EventFilter
    }
  | { readonly kind: 'filter'; readonly events: EventFilter }

/** Events between the two moments, in milliseconds since the epoch, were not seen. */
export interface Interval {
  readonly from: number
  readonly to: number
}

/** How much earlier than others an event may have been that is missing, where a server ends. Seen were 20 ms. */
const OUT_OF_ORDER_MS = 1_000

/**
 * Since when events are missing if the connection is lost now, in milliseconds since the epoch: a moment before the one
 * until which all have been received. A server that ends stops sending events before it stops answering, those of some
 * members before those of others.
 *
 * @param heardUntil That moment, on the clock of `now()`.
 * @param restoredAt The end of the gap before, in milliseconds since the epoch.
 */
export function missedSince(heardUntil: number, restoredAt: number): number {
  const millisAgo = now() - heardUntil + OUT_OF_ORDER_MS
  return Math.max(Math.floor(wallClock() - millisAgo), restoredAt)
}

/** Receives the events of a registration, in the server's order. */
export interface EventSink {
  /** Whether events without values will do. */
  readonly lite: boolean
  event(event: EntryEvent): void
  /** All entries were removed at once; there is no event for each. */
  truncated(): void
  /** The connection is lost. A gap follows when it is back. */
  interrupted(): void
  /** The connection was lost and is back; the registration is as it was. */
  gap(gap: Interval): void
  /** The registration is over. */
  ended(reason: unknown): void
}

/** An element of a registration that waits for its consumer; the first one says that the server has it. */
export type PacedEvent =
  | { readonly kind: 'registered' }
  | { readonly kind: 'event'; readonly event: EntryEvent }
  | { readonly kind: 'truncated' }
  | { readonly kind: 'gap'; readonly gap: Interval }

/** Receives what happens to the cache as a whole. */
export interface CacheEvents {
  /** All its entries were removed at once, by whomever. */
  truncated(): void
  /** It was destroyed, by whomever; nothing more can be done with it. */
  destroyed(): void
}
