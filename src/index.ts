// The public surface of the library: what is not exported here is nobody's to use.
export { Session, type SessionEvent, type SessionEvents } from './session/session'
export { Options } from './session/options'
export { TlsOptions } from './session/tls-options'
export type { SessionTlsOptions } from './session/tls-options-schema'
export type { SessionOptions, ChannelOptionValues } from './session/options-schema'
export type { CacheOptions } from './session/open-maps'
export type { ServerInfo } from './protocol/port'

export { NamedMap, type IndexOptions, type SetAllOptions, type TtlOptions } from './cache/named-map'
export { NamedCache } from './cache/named-cache'
export type { Entries } from './cache/bulk-write'
export type { CallOptions } from './cache/call-options'
export type { WriteOptions } from './cache/aborted-write'
export type { EventListener } from './cache/event-listeners'
export {
  type DeleteEvent,
  type EventFor,
  type EventGap,
  type EventOfEntry,
  type InsertEvent,
  type LiteEvent,
  MapEvent,
  type MapTruncation,
  type PrimingEvent,
  type StreamedEvent,
  type UpdateEvent,
} from './cache/map-event'
export type { EventStream, Overflow } from './cache/event-stream'
export type { EventOptions } from './cache/listen-calls'
export type { EventKind, ListenOptions } from './cache/listen-options'
export type { MapListener, Subscription } from './cache/subscription'
export type { MapLifecycleEvent, MapLifecycleEvents } from './cache/map-lifecycle'
export type { EntryTarget, QueryOptions } from './cache/query-options'
export type { Results } from './cache/results'

export * as Filters from './query/filters'
export * as Extractors from './query/extractors'
export * as Comparators from './query/comparators'
export * as Processors from './query/processors'
export * as Aggregators from './query/aggregators'
export type { Aggregator, Comparator, Extractor, Filter, Processor } from './query/query'
export type { At, Path } from './query/path'

export type { Codec, CodecRole } from './codec/codec'
export { jsonCodec, type JsonCodecOptions } from './codec/json-codec'

export {
  type AnyCoherenceError,
  AuthenticationError,
  CodecError,
  CoherenceError,
  type CoherenceErrorCode,
  ConnectionError,
  EventOverflowError,
  InvalidOptionsError,
  MapInactiveError,
  type OptionIssue,
  type Outcome,
  ProtocolError,
  RequestTimeoutError,
  ServerError,
  SessionClosedError,
  UnsupportedError,
} from './errors'
