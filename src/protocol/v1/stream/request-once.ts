// One request and its answer, sent once: ensuring a cache, listening, and ping. Their callers decide whether to repeat it.
import { now } from '../../../async/real-time'
import { waitFor } from '../../../async/wait'
import { type Call, timeoutError } from '../../../calls/call'
import { SessionClosedError } from '../../../errors'
import { closedError } from '../../connection-errors'
import { StreamLost } from '../../stream-lost'
import type { Request } from '../wire/requests'
import type { AnyView } from '../wire/wire'
import { isStaleCacheId, serverError } from './server-errors'
import type { InFlight, SubChannel } from './sub-channel'

/**
 * `received` sees each message of the answer before whatever follows it. Resolves to the last of them, if there is any. Rejects
 * with `StreamLost` when the stream ends.
 */
export function requestOnce<P>(
  stream: SubChannel,
  request: Pick<Request<P, unknown>, 'type' | 'write'>,
  parameters: P,
  handle: number | undefined,
  call: Call,
  received?: (message: AnyView) => void,
): Promise<AnyView | undefined> {
  const payload = request.write(parameters)
  return answerOf(call, (inFlight) => stream.request(request.type, handle, payload, inFlight), received)
}

/** Resolves when the server has answered a sign of life. Rejects with `StreamLost` when the stream ends. */
export async function heartbeatOnce(stream: SubChannel, call: Call): Promise<void> {
  await answerOf(call, (inFlight) => stream.heartbeat(inFlight))
}

function answerOf(
  call: Call,
  send: (inFlight: InFlight) => void,
  received?: (message: AnyView) => void,
): Promise<AnyView | undefined> {
  return waitFor(
    call,
    () => timeoutError(call, 'unknown'),
    ({ resolve, reject }) => {
      let answer: AnyView | undefined
      send({
        sentAt: now(),
        givesParts: false,
        received: (message) => {
          answer = message
          received?.(message)
          return undefined
        },
        completed: () => resolve(answer),
        failed: (error) =>
          reject(isStaleCacheId(error) ? new StreamLost(error, false) : serverError(call, error)),
        lost: (reason, written) =>
          reject(
            reason instanceof SessionClosedError
              ? closedError(call, reason, written)
              : new StreamLost(reason, written),
          ),
      })
      return undefined
    },
  )
}
