// From a target to an open session: looks the host up and tries its addresses, one after the other and, where one is
// slow, side by side (RFC 8305, "Happy Eyeballs").
import { alarm } from '../../async/alarm'
import { clearTimeout, now, setTimeout } from '../../async/real-time'
import { isIPv6Address } from '../address'
import { errorText } from './error-text'
import { endLink, type Link } from './link'
import type { Address, Target } from './target'

// RFC 8305, section 8: the recommended Connection Attempt Delay.
const NEXT_ADDRESS_AFTER_MS = 250

/** Connects to one address, or rejects; gives up when the signal says so. */
export type Attempt = (address: Address, signal: AbortSignal) => Promise<Link>

/** A target in the course of being connected to. */
export class Dialing {
  /** Rejects when no address could be connected to, in time. */
  readonly link: Promise<Link>
  readonly #stop = new AbortController()

  constructor(target: Target, attempt: Attempt, timeoutMs: number) {
    this.link = this.#connect(target, attempt, timeoutMs)
  }

  /** Gives up; `link` rejects if it has not resolved. */
  cancel(reason: Error): void {
    this.#stop.abort(reason)
  }

  async #connect(target: Target, attempt: Attempt, timeoutMs: number): Promise<Link> {
    const timer = alarm(now() + timeoutMs, () =>
      this.cancel(new Error(`No connection to ${target.name} within ${timeoutMs} ms`)),
    )
    timer?.unref()
    try {
      const addresses = await Promise.race([addressesOf(target), aborted(this.#stop.signal)])
      return await firstOf(addresses, attempt, this.#stop.signal)
    } finally {
      clearTimeout(timer)
    }
  }
}

async function addressesOf(target: Target): Promise<readonly Address[]> {
  switch (target.kind) {
    case 'fixed':
      return target.addresses
    case 'dns': {
      const { lookup } = await import('node:dns/promises')
      const found = await lookup(target.host, { all: true })
      return alternating(found.map(({ address }) => ({ host: address, port: target.port })))
    }
  }
}

/** The addresses with their families in turn, so that one family that does not work costs one attempt. */
function alternating<A extends { readonly host: string }>(addresses: readonly A[]): A[] {
  const isFirstKind = (address: A): boolean =>
    isIPv6Address(address.host) === isIPv6Address(addresses[0]?.host ?? '')
  const first = addresses.filter(isFirstKind)
  const second = addresses.filter((address) => !isFirstKind(address))
  return first
    .flatMap((address, index) => [address, ...second.slice(index, index + 1)])
    .concat(second.slice(first.length))
}

function firstOf(addresses: readonly Address[], attempt: Attempt, stop: AbortSignal): Promise<Link> {
  return new Promise((resolve, reject) => {
    const others = new AbortController()
    const signal = AbortSignal.any([stop, others.signal])
    const failures = new Set<string>()
    let next = 0
    let running = 0
    let timer: NodeJS.Timeout | undefined
    const tryNext = (): void => {
      clearTimeout(timer)
      const address = addresses[next]
      if (address === undefined) {
        if (running === 0) reject(new Error([...failures].join('; ')))
        return
      }
      next += 1
      running += 1
      timer = setTimeout(tryNext, NEXT_ADDRESS_AFTER_MS)
      timer.unref()
      attempt(address, signal).then(succeed, fail)
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
