// A call whose answer is a stream: a streamed read, an invocation whose results are streamed, or the registration of an
// event stream. It is counted and published from its begin to its end.
import { type Call, SentRequests } from './call'
import { CallTrace, isTraced } from './diagnostics'
import type { Traffic } from './traffic'

/**
 * A stream that has begun. It ends once, by `ended` or by `failed`; later calls of them have no effect.
 *
 * Only its consumer knows how long a stream takes, so the session does not wait for it when it closes, and it does not
 * count for the bounds of pending calls.
 */
export class StreamedCall {
  /** The call, with a counter of its requests if somebody wants to know of it. */
  readonly call: Call
  readonly #traffic: Traffic
  readonly #trace: CallTrace | undefined
  #state: 'published' | 'counted' | 'over' = 'published'

  constructor(traffic: Traffic, call: Call) {
    this.#traffic = traffic
    if (isTraced()) {
      const sent = call.sent ?? new SentRequests()
      this.call = { ...call, sent }
      this.#trace = new CallTrace(call, sent)
    } else {
      this.call = call
    }
  }

  /** @throws the signal's reason if it has aborted. */
  begin(): void {
    this.call.signal?.throwIfAborted()
    this.#traffic.calls += 1
    this.#traffic.pendingStreams += 1
    this.#state = 'counted'
  }

  /** The stream ended without an error: the server sent all of it, or its consumer left it before that. */
  ended(outcome: 'answered' | 'left'): void {
    if (this.#finish()) this.#trace?.ended(outcome)
  }

  /** The stream ended with an error, which its consumer gets. */
  failed(error: unknown): void {
    const isCounted = this.#state === 'counted'
    if (!this.#finish()) return
    if (isCounted) this.#traffic.failedCalls += 1
    this.#trace?.failed(error)
    this.#trace?.ended()
  }

  /** Returns whether this is the end, and not one after it. */
  #finish(): boolean {
    const before = this.#state
    this.#state = 'over'
    if (before === 'counted') this.#traffic.pendingStreams -= 1
    return before !== 'over'
  }
}
