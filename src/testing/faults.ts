// Failures and delays that a test asks for, kept until the request comes that they are for.
import { alarm } from '../async/alarm'
import { clearTimeout, now } from '../async/real-time'
import type { CacheRequest } from './proxy/cache-request'
import { operationOf } from './proxy/embedded-server'

type Fault = (request: CacheRequest, answer: () => void) => void

export class Faults {
  readonly #next = new Map<string, Fault[]>()
  readonly #timers = new Set<NodeJS.Timeout | undefined>()

  failNext(operation: string, message: string): void {
    this.#add(operation, (request) => request.error(message))
  }

  delayNext(operation: string, seconds: number): void {
    this.#add(operation, (_request, answer) => this.delay(seconds, answer))
  }

  /** Calls `answer` later, unless everything is forgotten before. */
  delay(seconds: number, answer: () => void): void {
    const timer = alarm(now() + seconds * 1_000, () => {
      this.#timers.delete(timer)
      answer()
    })
    this.#timers.add(timer)
  }

  /** Returns whether a fault has taken over what becomes of the request. */
  take(request: CacheRequest, answer: () => void): boolean {
    if (this.#next.size === 0) return false
    const operation = operationOf(request)
    const faults = this.#next.get(operation)
    const fault = faults?.shift()
    if (faults?.length === 0) this.#next.delete(operation)
    fault?.(request, answer)
    return fault !== undefined
  }

  /** Forgets all of them. What is delayed is never answered. */
  clear(): void {
    this.#next.clear()
    for (const timer of this.#timers) clearTimeout(timer)
    this.#timers.clear()
  }

  #add(operation: string, fault: Fault): void {
    const faults = this.#next.get(operation) ?? []
    faults.push(fault)
    this.#next.set(operation, faults)
  }
}
