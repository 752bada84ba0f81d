// A server of nothing but calls: it notes which arrived, and answers each when a test says so.
import { RequestTimeoutError } from '../../../src/errors'
import { now } from '../../../src/async/real-time'
import { type Call, timeoutError } from '../../../src/calls/call'
import { turns } from '../../support/turns'

interface Arrived {
  readonly call: Call
  readonly resolve: (answer: string) => void
  readonly reject: (reason: unknown) => void
}

export class FakeRemote {
  /** The names of the calls that arrived, in order. */
  readonly arrived: string[] = []
  readonly #calls = new Map<string, Arrived>()

  /** What runs when a call has its turn. */
  run(name: string): (call?: Call) => Promise<string> {
    return (call = callOf(name)) => {
      this.arrived.push(name)
      return new Promise((resolve, reject) => this.#calls.set(name, { call, resolve, reject }))
    }
  }

  /** Answers the call with its own name. */
  async answer(...names: readonly string[]): Promise<void> {
    for (const name of names) {
      const { call, resolve } = this.#of(name)
      resolve(name)
      call.onFinished?.()
      await turns()
    }
  }

  /** The caller is told that the call failed, and the server is done with it. */
  async fail(name: string, error: unknown): Promise<void> {
    const { call, reject } = this.#of(name)
    reject(error)
    call.onFinished?.()
    await turns()
  }

  /** The caller is told of a timeout; the server may go on until `finish`. */
  async timeOut(name: string): Promise<void> {
    this.#of(name).reject(timeoutError(this.#of(name).call, 'unknown'))
    await turns()
  }

  /** The caller has given the call up with the reason of its signal; the server may go on until `finish`. */
  async abandon(name: string): Promise<void> {
    this.#of(name).reject(this.#of(name).call.signal?.reason)
    await turns()
  }

  /** The server is done with the call: it answered too late, or its stream ended. */
  async finish(name: string): Promise<void> {
    this.#of(name).call.onFinished?.()
    await turns()
  }

  #of(name: string): Arrived {
    const arrived = this.#calls.get(name)
    if (arrived === undefined) throw new Error(`'${name}' has not arrived`)
    return arrived
  }
}

/** A call that has `seconds`. */
export function callOf(name: string, seconds = 30, signal?: AbortSignal): Call {
  return { operation: name, mapName: 'm', timeoutSeconds: seconds, deadline: now() + seconds * 1_000, signal }
}

/** What a call ended with, in a word. */
export function ended(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    (answer) => answer,
    (error: unknown) => (error instanceof RequestTimeoutError ? `timed out, ${error.outcome}` : error),
  )
}
