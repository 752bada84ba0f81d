// The requests of a stream on their way out, as the async iterable that the stub reads. What was not read from it
// never left the client.
import type { ProxyRequest } from '../../../gen/coherence/proxy/v1/proxy_service_messages_v1'

const DONE: IteratorResult<ProxyRequest, undefined> = { done: true, value: undefined }

export class Outbox implements AsyncIterable<ProxyRequest>, AsyncIterator<ProxyRequest, undefined> {
  #requests: ProxyRequest[] = []
  #next = 0
  #reader: ((result: IteratorResult<ProxyRequest, undefined>) => void) | undefined
  #closed = false

  push(request: ProxyRequest): void {
    if (this.#reader !== undefined) {
      const reader = this.#reader
      this.#reader = undefined
      reader({ done: false, value: request })
    } else {
      this.#requests.push(request)
    }
  }

  /** Ends the iteration; gives the ids of the requests that nobody read. */
  close(): ReadonlySet<number> {
    const unread = new Set(this.#requests.slice(this.#next).map((request) => Number(request.id)))
    this.#requests = []
    this.#next = 0
    this.#closed = true
    this.#reader?.(DONE)
    this.#reader = undefined
    return unread
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  next(): Promise<IteratorResult<ProxyRequest, undefined>> {
    const request = this.#requests[this.#next]
    if (request !== undefined) {
      this.#next += 1
      if (this.#next === this.#requests.length) {
        this.#requests = []
        this.#next = 0
      }
      return Promise.resolve({ done: false, value: request })
    }
    if (this.#closed) return Promise.resolve(DONE)
    return new Promise((resolve) => (this.#reader = resolve))
  }

  return(): Promise<IteratorResult<ProxyRequest, undefined>> {
    return Promise.resolve(DONE)
  }
}
