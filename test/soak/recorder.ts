// Makes the calls of a soak, and writes down for the oracle how each of them ended.
import { ConnectionError, RequestTimeoutError } from 'coherence-ts'
import type { Oracle } from '../support/oracle/oracle'
import type { Outcome } from '../support/oracle/write-record'

/** The timeout of calls that have none of their own: longer than all faults together that may be one after the other. */
export const TIMEOUT_SECONDS = 60
/** How much later than its timeout a call may end where the process is busy. */
const LATE_MILLIS = 5_000
/** A streamed read has its timeout for each element. */
const MOST_WAITS_OF_STREAM = 3
/** Rejects at once if there is no connection; the caller should not make the next call at once. */
const SHORT_SECONDS = [0.05, 0.5] as const

/** How many calls of one kind ended, and how. */
export interface Count {
  answered: number
  failed: number
}

/** How long a call may take, and what ends it before. */
export interface Patience {
  readonly options: {
    readonly timeoutSeconds?: number
    readonly signal?: AbortSignal
    readonly onAborted?: (outcome: Outcome) => void
  }
  readonly seconds: number
  readonly isShort: boolean
  /** What `onAborted` was called with. */
  aborted: Outcome | undefined
}

export function patient(): Patience {
  return { options: {}, seconds: TIMEOUT_SECONDS, isShort: false, aborted: undefined }
}

/** A timeout between the shortest and the longest, by `share` from 0 to 1. */
export function impatient(share: number): Patience {
  const [least, most] = SHORT_SECONDS
  const seconds = least + share * (most - least)
  return { options: { timeoutSeconds: seconds }, seconds, isShort: true, aborted: undefined }
}

/** A signal that aborts after some milliseconds. */
export function aborting(millis: number): Patience {
  const patience: Patience = {
    options: {
      signal: AbortSignal.timeout(millis),
      onAborted: (outcome) => (patience.aborted = outcome),
    },
    seconds: TIMEOUT_SECONDS,
    isShort: true,
    aborted: undefined,
  }
  return patience
}

/** What is written down of the end of a write. */
export interface Ends<T> {
  readonly answered: (answer: T, at: number) => void
  readonly failed: (outcome: Outcome, at: number) => void
}

export class Recorder {
  readonly oracle: Oracle
  readonly counts = new Map<string, Count>()
  /** When times begin, by the clock that gaps have. */
  readonly origin = Date.now()

  constructor(oracle: Oracle) {
    this.oracle = oracle
  }

  /** Milliseconds since the origin. */
  now(): number {
    return Date.now() - this.origin
  }

  /** A call that may not fail, unless it has little time. */
  async read<T>(
    name: string,
    call: () => Promise<T>,
    answered: (answer: T, at: number) => void = () => undefined,
    patience = patient(),
  ): Promise<void> {
    await this.#make(name, call, patience, {
      answered,
      failed: (error) => {
        if (!patience.isShort) this.unexpected(`${name} failed`, error)
      },
    })
  }

  /**
   * A read that streams its elements, each of which has its time. It may fail if the connection is lost in the middle of
   * its answer.
   */
  async stream<T>(
    name: string,
    read: () => Promise<T>,
    answered: (answer: T, at: number) => void = () => undefined,
  ): Promise<void> {
    const patience = { ...patient(), seconds: MOST_WAITS_OF_STREAM * TIMEOUT_SECONDS }
    await this.write(name, read, { answered, failed: () => undefined }, patience)
  }

  /** A call that may fail if the connection is lost. */
  async write<T>(name: string, call: () => Promise<T>, ends: Ends<T>, patience = patient()): Promise<void> {
    await this.#make(name, call, patience, {
      answered: ends.answered,
      failed: (error, at) => ends.failed(this.#outcomeOf(name, error, patience), at),
    })
  }

  unexpected(what: string, error: unknown): void {
    const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
    this.oracle.unexpected(`${what} at ${Math.round(this.now())}: ${text}`)
  }

  async #make<T>(
    name: string,
    call: () => Promise<T>,
    { seconds }: Patience,
    ends: { answered: (answer: T, at: number) => void; failed: (error: unknown, at: number) => void },
  ): Promise<void> {
    const record = this.oracle.calls.begin(name, this.now(), seconds * 1_000 + LATE_MILLIS)
    const count = this.#countOf(name)
    let answer: T
    try {
      answer = await call()
    } catch (error) {
      this.oracle.calls.end(record, this.now())
      count.failed += 1
      ends.failed(error, this.now())
      return
    }
    this.oracle.calls.end(record, this.now())
    count.answered += 1
    ends.answered(answer, this.now())
  }

  #outcomeOf(name: string, error: unknown, { options, aborted }: Patience): Outcome {
    if (error instanceof ConnectionError || error instanceof RequestTimeoutError) return error.outcome
    if (options.signal?.aborted === true && error === options.signal.reason && aborted !== undefined)
      return aborted
    this.unexpected(`${name} failed`, error)
    return 'unknown'
  }

  #countOf(name: string): Count {
    let count = this.counts.get(name)
    if (count === undefined) this.counts.set(name, (count = { answered: 0, failed: 0 }))
    return count
  }
}
