// Counts the calls of one session, and refuses those that would be too many.
import { ConnectionError } from '../errors'
import { type Call, describeCall } from './call'

export interface TrafficLimits {
  readonly maxPendingCalls: number
  readonly maxPendingBytes: number
}

export class Traffic {
  calls = 0
  failedCalls = 0
  /** The calls without an answer, except streams. */
  pendingCalls = 0
  /** The streams that have not ended. A slow consumer keeps one open, so they do not count for the limits. */
  pendingStreams = 0
  /** The bytes of the requests that have no answer. */
  pendingBytes = 0
  /** Requests that were sent again because a connection was lost. */
  resentRequests = 0
  /** The time of the last round trip that only had the server's sign of life, in seconds. */
  roundTripSeconds: number | undefined
  readonly #address: string
  readonly #limits: TrafficLimits

  constructor(address: string, limits: TrafficLimits) {
    this.#address = address
    this.#limits = limits
  }

  /** @throws {ConnectionError} too many calls are pending. */
  begin(call: Pick<Call, 'operation' | 'mapName'>): void {
    const { maxPendingCalls, maxPendingBytes } = this.#limits
    this.calls += 1
    if (this.pendingCalls >= maxPendingCalls || this.pendingBytes >= maxPendingBytes) {
      const reached =
        this.pendingCalls >= maxPendingCalls
          ? `${this.pendingCalls} calls, which is maxPendingCalls`
          : `calls of ${this.pendingBytes} bytes; maxPendingBytes is ${maxPendingBytes}`
      this.failedCalls += 1
      throw new ConnectionError(
        `${describeCall(call)} was not sent: ${this.#address} has not answered ${reached}; ` +
          'make fewer calls at a time, or raise the limit',
        { address: this.#address, outcome: 'not-sent' },
      )
    }
    this.pendingCalls += 1
  }

  end(): void {
    this.pendingCalls -= 1
  }
}
