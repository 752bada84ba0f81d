// Writes any number of entries with bounded memory: in messages of bounded size, a few of them in progress at a time.
import { keepStack, wrongArgument } from '../../calls/caller-stack'
import { onAbort } from '../../async/abort'
import { afterPart } from '../../protocol/partial-write'
import type { BulkMessage } from './bulk-message'
import { describe } from '../../calls/call-options'

const MOST_UNDER_WAY = 4

/** The operations that write the entries. */
export interface BulkTarget<K, V> {
  /** Creates a message without entries. `before` is the one before it. */
  message(before?: BulkMessage<K, V>): BulkMessage<K, V>
  write(message: BulkMessage<K, V>): Promise<void>
  /** Called when the source must wait before its end. Calls that are made from then on come after all its entries. */
  keysStillUnknown(): void
  /** Called when all entries are in messages. */
  allKeysKnown(): void
  readonly signal: AbortSignal | undefined
  readonly onProgress: ((storedEntries: number) => void) | undefined
  /** Calls `stop` with the reason when nothing more can be written. Returns a function that cancels this. */
  onStop(stop: (reason: unknown) => void): () => void
}

/** A `Map`, or any iterable or async iterable of pairs of key and value. */
export type Entries<K, V> = Iterable<readonly [K, V]> | AsyncIterable<readonly [K, V]>

/** @throws {TypeError} `entries` is not iterable. */
export function checkEntries(operation: string, entries: unknown): void {
  if (typeof entries === 'object' && entries !== null) {
    if (Symbol.asyncIterator in entries || Symbol.iterator in entries) return
    throw wrongArgument(
      `${operation}: the entries are an object that gives no pairs; pass a Map or Object.entries(object)`,
    )
  }
  throw wrongArgument(
    `${operation}: the entries are ${describe(entries)}; pass a Map or pairs of key and value`,
  )
}

/**
 * Writes all entries. After the first failure, it reads and sends nothing more, waits for the messages in progress, and
 * rejects with the failure. Entries that were written stay.
 */
export async function writeInBulk<K, V>(
  operation: string,
  entries: Entries<K, V>,
  target: BulkTarget<K, V>,
): Promise<void> {
  const underWay = new Set<Promise<void>>()
  const failures: unknown[] = []
  /** Ends a wait for the source. */
  let wake = (): void => undefined
  let message = target.message()
  let stored = 0

  const fail = (error: unknown): void => {
    failures.push(error)
    wake()
  }

  const progressed = (entries: number): void => {
    try {
      target.onProgress?.(entries)
    } catch (error) {
      throw keepStack(error)
    }
  }

  const send = (full: BulkMessage<K, V>): void => {
    const written = target.write(full).then(() => {
      stored += full.size
      progressed(stored)
    })
    const settled = written.catch(fail).finally(() => underWay.delete(settled))
    underWay.add(settled)
  }

  /** Returns a promise to await before the next entry is read; `undefined` if there is none. */
  const flush = (): Promise<void> | undefined => {
    if (message.size === 0 || failures.length > 0) return undefined
    const full = message
    message = target.message(full)
    if (underWay.size >= MOST_UNDER_WAY) {
      return Promise.race(underWay).then(() => {
        if (failures.length === 0) send(full)
      })
    }
    send(full)
    return undefined
  }

  const take = (pair: unknown): Promise<void> | undefined => {
    if (!Array.isArray(pair) || pair.length !== 2) {
      throw wrongArgument(`${operation}: an entry is ${describe(pair)}; pass pairs of key and value`)
    }
    const [key, value] = pair as unknown as readonly [K, V]
    if (message.take(key, value)) return undefined
    const full = flush()
    message.take(key, value)
    return full
  }

  /** Calls that are made after this one come after all its entries. */
  const takeAll = async (source: Iterable<unknown>): Promise<void> => {
    const room = async (full: Promise<void>): Promise<void> => {
      target.keysStillUnknown()
      await full
    }
    for (const pair of source) {
      if (failures.length > 0) return
      const full = take(pair)
      if (full !== undefined) await room(full)
      if (failures.length > 0) return
    }
    const full = flush()
    if (full !== undefined) await room(full)
  }

  /** A source that never settles must not prevent the end of the call. */
  const takeAllAsync = async (source: AsyncIterable<unknown>): Promise<void> => {
    const iterator = source[Symbol.asyncIterator]()
    const next = (): Promise<IteratorResult<unknown> | undefined> =>
      new Promise((resolve, reject) => {
        wake = () => resolve(undefined)
        Promise.resolve(iterator.next()).then(resolve, (error: unknown) => reject(keepStack(error) as Error))
      })
    while (failures.length === 0) {
      const result = await next()
      if (result?.done === true) {
        await flush()
        return
      }
      if (result === undefined) {
        // The call has failed already, for another reason.
        iterator.return?.().catch(() => undefined)
        return
      }
      try {
        await take(result.value)
      } catch (error) {
        fail(error)
      }
    }
    await iterator.return?.()
  }

  const stopWatching = onAbort(target.signal, () => fail(target.signal?.reason))
  const forget = target.onStop(fail)
  try {
    if (Symbol.asyncIterator in entries) await takeAllAsync(entries)
    else await takeAll(entries)
  } catch (error) {
    fail(error)
  }
  target.allKeysKnown()
  await Promise.all(underWay)
  forget()
  stopWatching()
  if (failures.length > 0) throw stored > 0 ? afterPart(failures[0]) : failures[0]
}
