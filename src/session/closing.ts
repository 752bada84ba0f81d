// How a session is closed: how long it waits for the calls in progress.
import { now } from '../async/real-time'
import { settledWithin } from '../async/wait'
import { checkedOptions } from '../calls/call-options'
import { wrongArgument } from '../calls/caller-stack'
import { shown } from '../calls/shown'
import type { Options } from './options/options'

/** How long `close` waits for calls at most, for sessions whose calls may wait for ever. */
const LONGEST_DRAIN_SECONDS = 60

/** Options of `close`. */
export interface CloseOptions {
  /**
   * How long calls in progress may take, in seconds; 0 ends them at once. Default: `requestTimeoutSeconds`, and 60 at
   * most.
   */
  readonly timeoutSeconds?: number | undefined
}

/** Returns how long `close` waits for calls in progress. */
export function drainSeconds(options: CloseOptions | undefined, { requestTimeoutSeconds }: Options): number {
  const { timeoutSeconds } = checkedOptions('close', options, ['timeoutSeconds'])
  if (timeoutSeconds === undefined) return Math.min(requestTimeoutSeconds, LONGEST_DRAIN_SECONDS)
  if (typeof timeoutSeconds === 'number' && timeoutSeconds >= 0) return timeoutSeconds
  throw wrongArgument(
    `close: timeoutSeconds is ${shown(timeoutSeconds)}; pass a number of seconds, 0 or more`,
  )
}

/** Resolves when `idle` does, and after `seconds` in any case. */
export async function drained(seconds: number, idle: Promise<unknown>): Promise<void> {
  const limits = { deadline: now() + seconds * 1_000, signal: undefined }
  await settledWithin(idle, limits, () => undefined).catch(() => undefined)
}
