// Connects to a target: finds the routes to it and tries them one after the other, or in parallel if one is slow
// (RFC 8305, "Happy Eyeballs").
import { alarm } from '../../async/alarm'
import { clearTimeout, now, setTimeout } from '../../async/real-time'
import { errorText } from './error-text'
import { endSession, type OpenSession } from './open-session'
import { routesTo, type Route } from './route'
import type { Target } from './target'

// RFC 8305, section 8: the recommended Connection Attempt Delay.
const NEXT_ROUTE_AFTER_MS = 250

/** Connects by one route. Rejects if that fails or if the signal aborts. */
export type Attempt = (route: Route, signal: AbortSignal) => Promise<OpenSession>

/** A connection attempt in progress. */
export class Dialing {
  /** Rejects if no address accepts a connection in time. */
  readonly session: Promise<OpenSession>
  readonly #stop = new AbortController()

  /** @param byProxy Whether to use the proxy that the environment names. */
  constructor(target: Target, byProxy: boolean, attempt: Attempt, timeoutMs: number) {
    this.session = this.#connect(target, byProxy, attempt, timeoutMs)
  }

  /** Cancels the attempt; `session` rejects if it has not resolved. */
  cancel(reason: Error): void {
    this.#stop.abort(reason)
  }

  async #connect(
    target: Target,
    byProxy: boolean,
    attempt: Attempt,
    timeoutMs: number,
  ): Promise<OpenSession> {
    let way = target.name
    const timer = alarm(now() + timeoutMs, () =>
      this.cancel(new Error(`No connection to ${way} within ${timeoutMs} ms`)),
    )
    timer?.unref()
    try {
      const routes = await Promise.race([routesTo(target, byProxy), aborted(this.#stop.signal)])
      const tunnel = routes[0]?.tunnel
      if (tunnel !== undefined) way += ` through the proxy at ${tunnel.proxy}`
      return await firstOf(routes, attempt, this.#stop.signal)
    } finally {
      clearTimeout(timer)
    }
  }
}

function firstOf(routes: readonly Route[], attempt: Attempt, stop: AbortSignal): Promise<OpenSession> {
  return new Promise((resolve, reject) => {
    const others = new AbortController()
    const signal = AbortSignal.any([stop, others.signal])
    const failures = new Set<string>()
    let next = 0
    let running = 0
    let timer: NodeJS.Timeout | undefined
    const tryNext = (): void => {
      clearTimeout(timer)
      const route = routes[next]
      if (route === undefined) {
        if (running === 0) reject(new Error([...failures].join('; ')))
        return
      }
      next += 1
      running += 1
      timer = setTimeout(tryNext, NEXT_ROUTE_AFTER_MS)
      timer.unref()
      attempt(route, signal).then(succeed, fail)
    }
    const succeed = (session: OpenSession): void => {
      clearTimeout(timer)
      if (others.signal.aborted) endSession(session)
      resolve(session)
      others.abort()
    }
    const fail = (error: unknown): void => {
      running -= 1
      failures.add(errorText(error))
      if (stop.aborted) {
        clearTimeout(timer)
        reject(stop.reason as Error)
      } else if (!others.signal.aborted) {
        tryNext()
      }
    }
    tryNext()
  })
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => {
      reject(signal.reason as Error)
    })
  })
}
