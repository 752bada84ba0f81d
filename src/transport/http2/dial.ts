// From a target to an open session: finds the ways there and tries them, one after the other and, where one is slow, side
// by side (RFC 8305, "Happy Eyeballs").
import { alarm } from '../../async/alarm'
import { clearTimeout, now, setTimeout } from '../../async/real-time'
import { errorText } from './error-text'
import { endLink, type Link } from './link'
import { routesTo, type Route } from './route'
import type { Target } from './target'

// RFC 8305, section 8: the recommended Connection Attempt Delay.
const NEXT_ROUTE_AFTER_MS = 250

/** Connects by one way, or rejects; gives up when the signal says so. */
export type Attempt = (route: Route, signal: AbortSignal) => Promise<Link>

/** A target in the course of being connected to. */
export class Dialing {
  /** Rejects when no address could be connected to, in time. */
  readonly link: Promise<Link>
  readonly #stop = new AbortController()

  /** @param byProxy Whether to go by the proxy that the environment names. */
  constructor(target: Target, byProxy: boolean, attempt: Attempt, timeoutMs: number) {
    this.link = this.#connect(target, byProxy, attempt, timeoutMs)
  }

  /** Gives up; `link` rejects if it has not resolved. */
  cancel(reason: Error): void {
    this.#stop.abort(reason)
  }

  async #connect(target: Target, byProxy: boolean, attempt: Attempt, timeoutMs: number): Promise<Link> {
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

function firstOf(routes: readonly Route[], attempt: Attempt, stop: AbortSignal): Promise<Link> {
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
    const succeed = (link: Link): void => {
      clearTimeout(timer)
      if (others.signal.aborted) endLink(link)
      resolve(link)
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
