// The maps of a soak, as one session sees them.
import { randomUUID } from 'node:crypto'
import type { NamedMap, Session } from 'coherence-ts'

export interface Counted {
  readonly count: number
}

export interface SoakMaps {
  readonly session: Session
  /** Written by calls of its keys. */
  readonly plain: NamedMap<string, number>
  /** Written by processors. Servers of 25.03.2 give stale values to getAll where it ran beside a processor. */
  readonly processed: NamedMap<string, number>
  /** Incremented by all writers. */
  readonly counters: NamedMap<string, Counted>
  /** Its entries expire. */
  readonly expiring: NamedMap<string, number>
}

export interface MapNames {
  readonly plain: string
  readonly processed: string
  readonly counters: string
  readonly expiring: string
}

/** Filters of values accept what is above. */
export const FILTERED_ABOVE = 20

export const COUNTERS = ['c0', 'c1', 'c2', 'c3'] as const

export function newMapNames(): MapNames {
  const run = randomUUID().slice(0, 8)
  return {
    plain: `soak-plain-${run}`,
    processed: `soak-processed-${run}`,
    counters: `soak-counters-${run}`,
    expiring: `soak-expiring-${run}`,
  }
}

export async function openMaps(session: Session, names: MapNames): Promise<SoakMaps> {
  return {
    session,
    plain: await session.getMap(names.plain),
    processed: await session.getMap(names.processed),
    counters: await session.getMap(names.counters),
    expiring: await session.getCache(names.expiring, { defaultTtlSeconds: 1 }),
  }
}

/** The keys of one writer: of the plain map, which begin with p, and of the processed one, which begin with q. */
export function keysOf(writer: string, count: number): { plain: string[]; processed: string[] } {
  const numbers = Array.from({ length: count }, (_, number) => number)
  return {
    plain: numbers.map((number) => `p${writer}-${number}`),
    processed: numbers.map((number) => `q${writer}-${number}`),
  }
}

export function isPlain(key: string): boolean {
  return key.startsWith('p')
}
