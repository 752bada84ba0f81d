// The requests of a cache whose answers are streamed, each on a stream of its own.
import type { BytesValue } from '../../../gen/google/protobuf/wrappers'
import type { Call } from '../call'
import {
  type Bytes,
  LEFT_OUT,
  type LeftOut,
  type PageOrder,
  type StreamCall,
  type StreamedElements,
} from '../port'
import { readBytes } from './answers'
import type { CacheLink } from './cache-link'
import type { Carrying } from './cache-requests'
import type { V1Connection } from './connection'
import { encodePayload } from './envelope'
import type { StreamLost } from './exchange'
import type { QueryLane } from './query-lanes'
import { StreamedRead } from './streamed-read'
import { StreamedRequest } from './streamed-request'
import { type AnyView, asBuffer } from './wire'

const NO_COOKIE: Bytes = Buffer.alloc(0)

export class CacheStreams {
  readonly #connection: V1Connection
  readonly #link: CacheLink

  constructor(connection: V1Connection, link: CacheLink) {
    this.#connection = connection
    this.#link = link
  }

  /** The first message of a page is the cookie of the next one. */
  page<A>(
    facts: Carrying<BytesValue, unknown>,
    { cookie, told }: PageOrder,
    call: StreamCall,
    read: (item: AnyView) => A | LeftOut,
  ): StreamedElements<A> {
    let isFirst = true
    const readPage = (item: AnyView): A | LeftOut => {
      if (!isFirst) return read(item)
      isFirst = false
      told(Buffer.from(readBytes(item)))
      return LEFT_OUT
    }
    return this.read(facts, { value: asBuffer(cookie) }, call, readPage, () => {
      isFirst = true
      told(NO_COOKIE)
    })
  }

  /** Runs the request on a stream of its own; `starting` is told each time that it is sent. */
  read<P, A>(
    facts: Carrying<P, unknown>,
    message: P,
    call: StreamCall,
    read: (item: AnyView) => A | LeftOut,
    starting?: () => void,
  ): StreamedElements<A> {
    const connection = this.#connection
    const payload = encodePayload(facts.payload, message)
    let lane: QueryLane | undefined
    const source = {
      repeatable: facts.repeatable,
      start: async (timed: Call): Promise<StreamedRequest> => {
        lane = await connection.acquireLane(this.#link, timed)
        if (timed.signal?.aborted === true) {
          connection.releaseLane(lane, undefined)
          throw timed.signal.reason
        }
        starting?.()
        return lane.start(this.#link, facts, payload, new StreamedRequest(call, connection.deadlines))
      },
      release: (request: StreamedRequest): void => {
        if (lane !== undefined) connection.releaseLane(lane, request)
      },
      lostError: (lost: StreamLost) => connection.lostError(call, lost),
    }
    return new StreamedRead(source, call, read)
  }
}
