// Connects to one of several targets: finds the routes to them and tries them one after the other, or in parallel if one
// is slow (RFC 8305, "Happy Eyeballs").
import { alarm } from '../../../async/alarm'
import { clearTimeout, now, setTimeout } from '../../../async/real-time'
import { errorText } from '../error-text'
import { endSession, type OpenSession } from '../open-session'
import { routesTo, type Route } from './route'
import type { Target } from './target'

// RFC 8305, section 8: the recommended Connection Attempt Delay and Resolution Delay.
const NEXT_ROUTE_AFTER_MS = 250
const FIRST_TARGET_WITHIN_MS = 50

/** Connects by one route. Rejects if that fails or if the signal aborts. */
export type Attempt = (route: Route, signal: AbortSignal) => Promise<OpenSession>

/** What to connect to. */
export interface Dial {
  /** In the order in which they are tried. */
  readonly targets: readonly Target[]
  /** Which of several addresses of one target to begin with; see `routesTo`. */
  readonly startAt: number
  /** Whether to use the proxy that the environment names. */
  readonly byProxy: boolean
  readonly timeoutMs: number
}

/** A connection attempt in progress. */
export class Dialing {
  /** Rejects if no address accepts a connection in time. */
  readonly session: Promise<OpenSession>
  readonly #stop = new AbortController()

  constructor(dial: Dial, attempt: Attempt) {
    this.session = this.#connect(dial, attempt)
  }

  /** Cancels the attempt; `session` rejects if it has not resolved. */
  cancel(reason: Error): void {
    this.#stop.abort(reason)
  }

  async #connect({ targets, startAt, byProxy, timeoutMs }: Dial, attempt: Attempt): Promise<OpenSession> {
    let way = targets.map(({ name }) => name).join(', ')
    const timer = alarm(now() + timeoutMs, () =>
      this.cancel(new Error(`No connection to ${way} within ${timeoutMs} ms`)),
    )
    timer?.unref()
    try {
      const routes = targets.map((target) => routesTo(target, byProxy, startAt))
      routes[0]?.then(
        ([first]) => {
          if (first?.tunnel !== undefined) way += ` through the proxy at ${first.tunnel.proxy}`
        },
        () => undefined,
      )
      return await Promise.race([firstOf(routes, attempt, this.#stop.signal), aborted(this.#stop.signal)])
    } finally {
      clearTimeout(timer)
    }
  }
}

/**
 * Tries the routes to several targets. `lookUps` finds those to each. A target that takes long to be looked up holds
 * back the others for a moment only.
 */
function firstOf(
  lookUps: readonly Promise<readonly Route[]>[],
  attempt: Attempt,
  stop: AbortSignal,
): Promise<OpenSession> {
  return new Promise((resolve, reject) => {
    const others = new AbortController()
    const signal = AbortSignal.any([stop, others.signal])
    const failures = new Set<string>()
    /** The routes to each target that were not tried. */
    const left: Route[][] = lookUps.map(() => [])
    let lookingUp = lookUps.length
    let isFirstLookedUp = false
    let running = 0
    let timer: NodeJS.Timeout | undefined
    const tryNext = (): void => {
      clearTimeout(timer)
      timer = undefined
      if (signal.aborted) return
      const route = left.find((routes) => routes.length > 0)?.shift()
      if (route === undefined) {
        if (running === 0 && lookingUp === 0) reject(new Error([...failures].join('; ')))
        return
      }
      running += 1
      tryNextAfter(NEXT_ROUTE_AFTER_MS)
      attempt(route, signal).then(succeed, fail)
    }
    const tryNextAfter = (millis: number): void => {
      timer = setTimeout(tryNext, millis)
      timer.unref()
    }
    const succeed = (session: OpenSession): void => {
      clearTimeout(timer)
      if (signal.aborted) endSession(session)
      resolve(session)
      others.abort()
    }
    const fail = (error: unknown): void => {
      running -= 1
      failures.add(errorText(error))
      if (stop.aborted) {
        clearTimeout(timer)
        reject(stop.reason as Error)
      } else {
        tryNext()
      }
    }
    const lookedUp = (index: number): void => {
      lookingUp -= 1
      if (index === 0) isFirstLookedUp = true
      if (running > 0 ? timer === undefined : isFirstLookedUp || lookingUp === 0) tryNext()
      else if (running === 0 && timer === undefined) tryNextAfter(FIRST_TARGET_WITHIN_MS)
    }
    for (const [index, routes] of lookUps.entries()) {
      routes.then(
        (found) => {
          left[index]?.push(...found)
          lookedUp(index)
        },
        (error: unknown) => {
          failures.add(errorText(error))
          lookedUp(index)
        },
      )
    }
  })
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => {
      reject(signal.reason as Error)
    })
  })
}
