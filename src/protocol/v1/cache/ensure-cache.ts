// The name of the cache service on the wire, and how a cache gets its id on a stream.
import type { Call } from '../../../calls/call'
import { ProtocolError } from '../../../errors'
import { requestOnce } from '../stream/request-once'
import type { ServiceWire, SubChannel } from '../stream/sub-channel'
import { REQUESTS } from '../wire/requests'
import { CACHE_RESPONSE, readCacheId } from '../wire/responses'
import { type AnyView, TypeName } from '../wire/wire'

export const CACHE_SERVICE: ServiceWire = {
  protocol: 'CacheService',
  protocolVersion: 1,
  request: new TypeName('coherence.cache.v1.NamedCacheRequest'),
  response: CACHE_RESPONSE,
}

/** What an answer without an id is read as. */
const NO_ID = 0

/**
 * Asks for a cache, and calls `known` with its id as soon as that has come, before events that follow it are looked at. Resolves to
 * the id of the cache on that stream, for as long as the stream lives. Rejects with `StreamLost` if it ends before, and with
 * `ProtocolError` if the server sends no id.
 */
export async function ensureCache(
  stream: SubChannel,
  name: string,
  call: Call,
  known?: (id: number) => void,
): Promise<number> {
  const received = (message: AnyView): void => {
    try {
      const id = readCacheId(message)
      if (id !== NO_ID) known?.(id)
    } catch {
      // What cannot be read is reported below.
    }
  }
  const answer = await requestOnce(stream, REQUESTS.ensureCache, { cache: name }, undefined, call, received)
  const id = answer === undefined ? NO_ID : readCacheId(answer)
  if (id === NO_ID) throw new ProtocolError(`The server gave no id for map '${name}'`)
  return id
}
