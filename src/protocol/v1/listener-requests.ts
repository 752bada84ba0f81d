// The requests that register and end listeners.
import type { MapListenerRequest } from '../../../gen/coherence/cache/v1/cache_service_messages_v1'
import type { ListenTarget } from '../map-events'
import type { Bytes } from '../port'
import { hasUnicodeEscape } from './envelope'
import type { ListenerGroup, Registration } from './listener-group'
import { asBuffer } from './wire'

/** The strings in a JSON text. */
const STRINGS = /"(?:[^"\\]|\\.)*"/g

/** Equal for targets that share a registration. */
export function nameOf(target: ListenTarget): string {
  return target.kind === 'key' ? `key:${textOf(target.key)}` : `filter:${textOf(target.filter)}`
}

export function textOf(bytes: Bytes): string {
  return asBuffer(bytes).toString('latin1')
}

/** The request that makes the registration of a group what is wanted. */
export function requestOf(
  { target, filterId, registered }: ListenerGroup,
  wanted: Registration,
): MapListenerRequest {
  const lite = (wanted === 'none' ? registered : wanted) === 'lite'
  return listenerRequest(target, filterId, wanted !== 'none', lite)
}

/**
 * The server forgets the listeners to keys when a cache is truncated, but not those to filters (24.09, 25.03.2). On the
 * other hand each filter costs it a little with each event.
 */
export function byFilter(target: ListenTarget): ListenTarget {
  if (target.kind === 'filter') return target
  return { kind: 'filter', filter: target.filter(0), distinct: target.filter }
}

/**
 * The server looks for whoever listens to a key by its own print of it: without escapes, and with Java's exponents in
 * fractions. Where the registration has another, it finds nobody who wants values, and gives none (24.09, 25.03.2).
 */
export function mayBePrintedOtherwise(target: ListenTarget): boolean {
  return target.kind === 'key' && (hasUnicodeEscape(target.key) || hasFraction(target.key))
}

function hasFraction(key: Bytes): boolean {
  return /\d[.e]/i.test(textOf(key).replace(STRINGS, ''))
}

/** The request that registers or ends a registration. */
export function listenerRequest(
  target: ListenTarget,
  filterId: number,
  subscribe: boolean,
  lite: boolean,
): MapListenerRequest {
  return {
    subscribe,
    keyOrFilter: {
      keyOrFilter:
        target.kind === 'key'
          ? { $case: 'key', value: asBuffer(target.key) }
          : { $case: 'filter', value: asBuffer(filterOf(target, filterId)) },
    },
    filterId: BigInt(filterId),
    lite,
    // No server reads it: events of a client's own writes come before their answers anyway.
    synchronous: false,
    // A registration that primes would take the old values away from all others of its key.
    priming: false,
    trigger: Buffer.alloc(0),
  }
}

/**
 * The server takes two filters for one where they are equal to Java, as `in` is for any order of its values, and gives
 * events to the last id alone. So all but the first of a cache are made different from the others.
 */
function filterOf({ filter, distinct }: ListenTarget & { kind: 'filter' }, filterId: number): Bytes {
  return filterId <= 1 ? filter : distinct(filterId - 1)
}
