// One request on one stream, for what is not sent again by itself: handshakes of caches, heartbeats.
import { alarm } from '../../async/alarm'
import { clearTimeout, now } from '../../async/real-time'
import { SessionClosedError } from '../../errors'
import type { ProxyRequest } from '../../../gen/coherence/proxy/v1/proxy_service_messages_v1'
import type { Any } from '../../../gen/google/protobuf/any'
import { onAbort } from '../abort'
import { type Call, timeoutError } from '../call'
import { closedError } from '../connection-errors'
import { isStaleCacheId, serverError } from './server-answer'
import type { SubChannel } from './sub-channel'

/** The stream ended before the answer, or does not know the cache any more; `cause` is why. */
export class StreamLost extends Error {
  readonly written: boolean

  constructor(cause: unknown, written: boolean) {
    super('The stream ended before the answer', { cause })
    this.written = written
  }
}

/** The last message of the answer, `undefined` where it has none. Rejects with `StreamLost` when the stream ends. */
export function exchange(
  subChannel: SubChannel,
  build: (id: number) => ProxyRequest,
  call: Call,
): Promise<Any | undefined> {
  return new Promise((resolve, reject) => {
    let answer: Any | undefined
    const settle = (): void => {
      clearTimeout(timer)
      takeBack()
    }
    const fail = (reason: unknown): void => {
      settle()
      reject(reason)
    }
    const aborted = (): void => fail(call.signal?.reason)
    const timer = alarm(call.deadline, () => fail(timeoutError(call, 'unknown')))
    const takeBack = onAbort(call.signal, aborted)
    if (call.signal?.aborted === true) {
      aborted()
      return
    }
    subChannel.send(build, {
      sentAt: now(),
      givesParts: false,
      received: (message) => {
        answer = message
        return undefined
      },
      completed: () => {
        settle()
        resolve(answer)
      },
      failed: (error) =>
        fail(isStaleCacheId(error) ? new StreamLost(error, false) : serverError(call, error)),
      lost: (reason, written) =>
        fail(
          reason instanceof SessionClosedError
            ? closedError(call, reason, written)
            : new StreamLost(reason, written),
        ),
    })
  })
}
