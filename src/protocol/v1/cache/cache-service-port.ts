// The part of the cache service that the objects of one cache use.
import type { Call } from '../../../calls/call'
import type { ConnectionError } from '../../../errors'
import type { MapListenerRequest } from '../../../../gen/coherence/cache/v1/cache_service_messages_v1'
import type { EventSink, ListenTarget } from '../../events'
import type { ConnectionSettings } from '../../port'
import type { StreamLost } from '../../stream-lost'
import type { Request } from '../wire/requests'
import type { CacheHandle } from './cache-handle'
import type { DedicatedStream } from './dedicated-stream'
import type { ResponseBuffer } from './response-buffer'
import type { PooledStream } from './stream-pool'

export interface CacheServicePort {
  readonly settings: ConnectionSettings
  /** Sends a request, and resolves to its answer. */
  send<P, A>(handle: CacheHandle, request: Request<P, A>, parameters: P, call: Call): Promise<A>
  /** Resolves when the server has the registration, on this connection or the next. */
  listen(handle: CacheHandle, target: ListenTarget, sink: EventSink, call: Call): Promise<void>
  /** A stream for a read. Rejects with `StreamLost` if it ended before anything was sent. */
  acquireStream(handle: CacheHandle, call: Call): Promise<PooledStream>
  releaseStream(stream: PooledStream, response: ResponseBuffer | undefined): void
  /** A registration on a stream of its own. Rejects with `StreamLost` if that ended before it was made. */
  openEvents(handle: CacheHandle, registration: MapListenerRequest, call: Call): Promise<DedicatedStream>
  /** Forgets the cache. */
  release(handle: CacheHandle): void
  /** The error of ours for a stream that ended. */
  lostError(call: Pick<Call, 'operation' | 'mapName'>, lost: StreamLost): ConnectionError
}
