// What makes a cache known on a stream.
import { ProtocolError } from '../../errors'
import type { Call } from '../call'
import { CACHE_REQUESTS } from './cache-requests'
import { cacheRequest, encodePayload, readCacheResponse } from './envelope'
import { exchange } from './exchange'
import type { SubChannel } from './sub-channel'

/**
 * Gives the id of the cache on that stream, for as long as the stream lives. Rejects with `StreamLost` if it ends before,
 * and with `ProtocolError` where the server gives no id.
 */
export async function ensureCache(stream: SubChannel, name: string, call: Call): Promise<number> {
  const facts = CACHE_REQUESTS.ensureCache
  const payload = encodePayload(facts.payload, { cache: name })
  const answer = await exchange(stream, (id) => cacheRequest(id, facts, undefined, payload), call)
  if (answer === undefined) throw new ProtocolError(`The server gave no id for map '${name}'`)
  return readCacheResponse(answer).cacheId
}
