// What the compiler makes of the options of writes: what became of an aborted write is told to those that change
// something, and to no others.
import { type NamedCache, type NamedMap, type Outcome, Processors, type WriteOptions } from 'coherence-ts'

declare const map: NamedMap<string, number>
declare const cache: NamedCache<string, number>
declare const told: (outcome: Outcome) => void

export async function writes(signal: AbortSignal): Promise<void> {
  const options: WriteOptions = { signal, timeoutSeconds: 5, onAborted: told }
  await map.set('key', 1, options)
  await cache.set('key', 1, { ...options, ttlSeconds: 5 })
  await map.setAll([['key', 1]], { ...options, onProgress: () => undefined })
  await map.invokeAll(Processors.custom<number, number>('com.acme.Count'), { keys: ['key'], ...options })
  await map.clear({ onAborted: (outcome: 'not-sent' | 'unknown') => told(outcome) })
}

export async function refused(): Promise<void> {
  // @ts-expect-error a read changes nothing
  await map.get('key', { onAborted: told })
  // @ts-expect-error there is no such outcome
  await map.delete('key', { onAborted: (outcome: 'applied') => outcome })
}
