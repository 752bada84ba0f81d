// What a listener was told, as plain data, and waiting until it was told as much.
import type { StreamedEvent } from 'coherence-ts'
import { eventually } from '../../support/eventually'

/** An event as tests compare it: what it tells, and only the flags that are set. */
export function plain(event: StreamedEvent<unknown, unknown>): Readonly<Record<string, unknown>> {
  if (event.type === 'truncated') return { type: 'truncated' }
  if (event.type === 'gap') return { type: 'gap', reason: event.reason }
  const { type, key, oldValue, newValue } = event
  const flags = (['expired', 'synthetic', 'priming', 'versionUpdate'] as const).filter((flag) => event[flag])
  return { type, key, oldValue, newValue, ...Object.fromEntries(flags.map((flag) => [flag, true])) }
}

export function inserted(key: unknown, newValue: unknown): object {
  return { type: 'insert', key, oldValue: undefined, newValue }
}

export function updated(key: unknown, oldValue: unknown, newValue: unknown): object {
  return { type: 'update', key, oldValue, newValue }
}

export function deleted(key: unknown, oldValue: unknown): object {
  return { type: 'delete', key, oldValue, newValue: undefined }
}

export function primed(key: unknown, newValue: unknown): object {
  return { type: 'update', key, oldValue: undefined, newValue, synthetic: true, priming: true }
}

/** Remembers what it is told. */
export class Notes {
  readonly all: Readonly<Record<string, unknown>>[] = []

  /** The listener, to be passed on as it is. */
  readonly note = (event: StreamedEvent<unknown, unknown>): void => {
    this.all.push(plain(event))
  }

  /** A listener to everything, gaps and truncations included. */
  readonly everything = { onAny: this.note, onGap: this.note, onTruncated: this.note }

  /** Resolves when as many were told, with all of them. */
  async until(count: number, timeoutSeconds?: number): Promise<Readonly<Record<string, unknown>>[]> {
    await eventually(() => this.all.length >= count, timeoutSeconds).catch(() => undefined)
    return this.all
  }

  /** What was told since it was asked last. */
  take(): Readonly<Record<string, unknown>>[] {
    return this.all.splice(0)
  }
}

/** The next `count` items of a stream, which goes on. */
export async function next(
  iterator: AsyncIterator<StreamedEvent<unknown, unknown>>,
  count: number,
): Promise<Readonly<Record<string, unknown>>[]> {
  const items: Readonly<Record<string, unknown>>[] = []
  while (items.length < count) {
    const item = await iterator.next()
    if (item.done === true) break
    items.push(plain(item.value))
  }
  return items
}
