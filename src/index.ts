// The public surface of the library: what is not exported here is nobody's to use.
export { Session } from './session/session'
export type { SessionEvent, SessionEvents } from './session/session-events'
export type { CoherenceSession } from './session/coherence-session'
export { Options } from './session/options/options'
export { TlsOptions } from './session/options/tls-options'
export type { Auth, SessionAuth } from './session/options/auth'
export type { MetadataValue, SessionMetadata } from './protocol/stream-headers'
export type { SessionTlsOptions } from './session/options/tls-options-schema'
export type { SessionLogger } from './session/options/logger'
export type { SessionRetry } from './session/options/retry'
export type { CloseOptions } from './session/closing'
export type { SessionStats } from './session/session-monitor'
export type { ConnectionMessage, RequestMessage } from './calls/diagnostics'
export type { SessionOptions, ChannelOptionValues } from './session/options/options-schema'
export type { CacheOptions } from './session/open-maps'
export type { ClientIdentity as SessionIdentity, RetryPolicy, ServerInfo } from './protocol/port'

export { NamedMap } from './cache/named-map'
export type { SetAllOptions } from './cache/bulk/bulk-operations'
export type { TtlOptions } from './cache/entries/ttl'
export type { IndexOptions } from './cache/queries/agents'
export { NamedCache } from './cache/named-cache'
export type { CoherenceCache, CoherenceMap } from './cache/coherence-map'
export type { Entries } from './cache/bulk/bulk-write'
export type { CallOptions, WriteOptions } from './calls/call-options'
export type { EventListener } from './calls/event-listeners'
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
} from './cache/events/map-event'
export type { EventStream, Overflow } from './cache/events/event-stream'
export type { EventOptions } from './cache/events/event-operations'
export type { EventKind, ListenOptions } from './cache/events/listen-options'
export type { MapListener, Subscription } from './cache/events/subscription'
export type { MapLifecycleEvent, MapLifecycleEvents } from './cache/map-lifecycle'
export type { EntryTarget, QueryOptions } from './cache/queries/query-options'
export type { Results } from './cache/queries/results'

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
