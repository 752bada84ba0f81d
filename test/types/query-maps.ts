// The maps that the type tests of queries ask: as much of a map as queries meet.
import type { Aggregator, Comparator, Filter, Processor } from '../../src/index'

export interface NamedMapLike<K, V> {
  entries(options: { filter?: Filter<V>; comparator?: Comparator<V> }): AsyncIterable<[K, V]>
  invoke<R>(key: K, processor: Processor<V, R>): Promise<R>
  invokeAll<R>(
    processor: Processor<V, R>,
    target?: { filter?: Filter<V> } | { keys?: Iterable<K> },
  ): Promise<Map<K, R>>
  aggregate<R>(
    aggregator: Aggregator<V, R>,
    target?: { filter?: Filter<V> } | { keys?: Iterable<K> },
  ): Promise<R>
}

export interface Person {
  id: number
  name: string
  age: number
  serial: bigint
  status: 'active' | 'retired'
  nickname?: string
  email: string | null
  address: { city: string; zip?: number | null }
  tags: string[]
  scores: readonly { at: number }[]
  extra: unknown
  boss?: Person
  'last.seen': string
  greet(): string
}

export type Shape = { kind: 'circle'; radius: number } | { kind: 'square'; side: number; name?: string }

export interface Branch {
  left: Branch | null
  right: Branch | null
  children: Record<string, Branch>
  weight: number
}

/** Listing all paths of this one to the fifth name took the compiler minutes. */
export type Wide = { [M in 'a' | 'b' | 'c' | 'd' | 'e' | 'f' | 'g' | 'h']: Wide } & {
  [M in 'first' | 'second' | 'third' | 'fourth' | 'fifth' | 'sixth' | 'seventh' | 'eighth']: number
}

export type Json = string | number | boolean | null | Json[] | { [name: string]: Json }

export declare const people: NamedMapLike<number, Person>
export declare const anything: NamedMapLike<number, unknown>
export declare const numbers: NamedMapLike<string, number>
export declare const shapes: NamedMapLike<string, Shape>
export declare const stock: NamedMapLike<string, Record<string, number>>
export declare const branches: NamedMapLike<string, Branch>
export declare const wide: NamedMapLike<string, Wide>
export declare const documents: NamedMapLike<string, Json>

type Same<A, B> =
  (<T>(value: T) => T extends A ? 1 : 2) extends <T>(value: T) => T extends B ? 1 : 2 ? true : false

/** Compiles where the promise is one of exactly a `Wanted`. */
export declare function gives<Wanted>(): <R>(promise: Promise<R>, exactly: Same<R, Wanted>) => void
