// What a connection and the services on it are to each other. A service is one kind of thing that the server offers, such as its
// caches; it has a main stream on each connection.
import type { Call } from '../../calls/call'
import type { CoherenceError, SessionClosedError } from '../../errors'
import type { InitResponse } from '../../../gen/coherence/proxy/v1/proxy_service_messages_v1'
import type { Channel } from '../../transport/channel'
import type { ConnectionSettings } from '../port'
import type { StreamOpener } from './stream/stream-opener'
import type { ServiceWire, SubChannel, SubChannelEvents } from './stream/sub-channel'

/** @typeParam S The main stream, with what the service keeps for it. */
export interface Service<S extends { readonly subChannel: SubChannel }> {
  readonly wire: ServiceWire
  /**
   * Opens the main stream with `open`, and makes all that is in use known on it. If that fails, `lost` follows.
   *
   * @param signal Ends the attempt; so does the deadline of `call`.
   */
  restore(
    open: (event: SubChannelEvents['event']) => Promise<{ subChannel: SubChannel; init: InitResponse }>,
    call: Call,
    signal: AbortSignal,
  ): Promise<{ stream: S; init: InitResponse }>
  /** The stream is the current one from now on. */
  connected(stream: S): void
  /** There is no main stream. */
  lost(reason: unknown): void
  /** The servers refuse this client: what waits for a connection is rejected. */
  refused(refusal: CoherenceError): void
  /** There will be no other connection. */
  closed(error: SessionClosedError): void
}

/** What a service needs of its connection. */
export interface ServiceConnection {
  readonly settings: ConnectionSettings
  /** Opens streams beside the main one. */
  readonly streams: StreamOpener
  /** Why the servers refuse this client; `undefined` if they do not, or if there is a connection. */
  readonly refusal: CoherenceError | undefined
  /** Why there is no connection now. */
  readonly lastFailure: unknown
  /** Waits for a connection, as long as `call` and the settings allow. */
  channel(call: Call): Promise<Channel>
  /** An event cannot be read. */
  unreadable(error: unknown): void
}
