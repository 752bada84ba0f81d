// What a cache on the server tells of its entries, at the level of bytes, and who is told.
import type { Bytes } from './port'

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

/** Which entries are listened to. */
export type ListenTarget =
  | {
      readonly kind: 'key'
      readonly key: Bytes
      /** A text that is equal for equal keys, for bytes of the server's; `undefined` for one like no key of ours. */
      readonly identify: (key: Bytes) => string | undefined
      /** A filter of the events of that key, as `distinct` is. */
      readonly filter: (distinction: number) => Bytes
    }
  | {
      readonly kind: 'filter'
      /** A filter of events. */
      readonly filter: Bytes
      /** A filter that accepts the same and that the server takes for another one, for each number above 0. */
      readonly distinct: (distinction: number) => Bytes
    }

/** Events between the two moments, in milliseconds since the epoch, were not seen. */
export interface EventGap {
  readonly from: number
  readonly to: number
}

/** Who is told of the events of a registration, in the server's order. */
export interface EventSink {
  /** Whether events without values will do. */
  readonly lite: boolean
  event(event: EntryEvent): void
  /** All entries were removed at once; there is no event for each. */
  truncated(): void
  /** The connection is lost. A gap follows when it is back. */
  interrupted(): void
  /** The connection was lost and is back; the registration is as it was. */
  gap(gap: EventGap): void
  /** The registration is over. */
  ended(reason: unknown): void
}

/** What a registration of its own gives, at the pace of its consumer; first that the server has it. */
export type PacedEvent =
  | { readonly kind: 'registered' }
  | { readonly kind: 'event'; readonly event: EntryEvent }
  | { readonly kind: 'truncated' }
  | { readonly kind: 'gap'; readonly gap: EventGap }
