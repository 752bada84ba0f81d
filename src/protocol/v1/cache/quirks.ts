// What releases of the server do wrong, or in a way of their own, with the requests of a cache: each with the releases on which it
// was seen and the test that shows it. Quirks of error texts are in server-failure.ts and server-errors.ts.
import type { MapListenerRequest } from '../../../../gen/coherence/cache/v1/cache_service_messages_v1'
import { pause } from '../../../async/abort'
import { backoffMillis } from '../../../async/backoff'
import { asBuffer, type Bytes, type PackedBytes, textOf } from '../../../bytes'
import type { Call } from '../../../calls/call'
import { ServerError } from '../../../errors'
import type { EventFilter, ListenTarget } from '../../events'
import { afterPart } from '../../partial-write'
import type { EntryVisitor, RemoteCache } from '../../port'
import { requestOnce } from '../stream/request-once'
import type { SubChannel } from '../stream/sub-channel'
import { REQUESTS } from '../wire/requests'

/**
 * Whether a text in the bytes has, or may have, a character as an escape of JSON.
 *
 * `Get` prints its key anew before it looks for it, so it does not find a key with such an escape if the server prints
 * another character in its place; no other request does that (24.09, 25.03.2; test/conformance/values.test.ts).
 */
export function hasUnicodeEscape(bytes: Bytes): boolean {
  return asBuffer(bytes).includes('\\u')
}

/**
 * `GetAll` fails on caches that keep JSON as it came, whatever the keys are (24.09, mode json-serializer;
 * test/conformance/maps/get-all.test.ts): this gets one key after the other.
 */
export async function getEach(
  get: (key: Bytes, call: Call) => Promise<Bytes | undefined>,
  keys: PackedBytes,
  visit: EntryVisitor,
  call: Call,
): Promise<void> {
  const all = Array.from({ length: keys.count }, (_, index) => keys.at(index))
  const values = await Promise.all(all.map((key) => get(key, call)))
  for (const [index, key] of all.entries()) {
    const value = values[index]
    if (value !== undefined)
      visit(Buffer.concat([key, value]), 0, key.length, key.length, key.length + value.length)
  }
}

/**
 * `PutAll` with a time to live stores null in place of every value (25.03.2; test/conformance/maps/expiry.test.ts): this
 * puts one entry after the other.
 */
export async function putEach(
  cache: Pick<RemoteCache, 'put'>,
  entries: PackedBytes,
  ttlMillis: number,
  call: Call,
): Promise<void> {
  let unfinished = entries.count / 2
  const onFinished = (): void => {
    unfinished -= 1
    if (unfinished === 0) call.onFinished?.()
  }
  const puts = Array.from({ length: unfinished }, (_, index) =>
    cache.put(entries.at(2 * index), entries.at(2 * index + 1), ttlMillis, { ...call, onFinished }),
  )
  const results = await Promise.allSettled(puts)
  const failed = results.find((result) => result.status === 'rejected')
  if (failed === undefined) return
  const someStored = results.some((result) => result.status === 'fulfilled')
  throw someStored ? afterPart(failed.reason) : failed.reason
}

/** Above that, listeners to keys are registered as such. */
const MOST_KEYS_BY_FILTER = 100

/**
 * What to register for a target. A key is registered by a filter while there are few: the server forgets the listeners to
 * keys when a cache is truncated, but not those to filters (24.09, 25.03.2; test/conformance/events/model.test.ts).
 * On the other hand each filter costs it a little with each event.
 */
export function registrable(target: ListenTarget, filters: number): ListenTarget {
  return filters < MOST_KEYS_BY_FILTER || mayBePrintedOtherwise(target) ? byFilter(target) : target
}

/** The filter for a target. */
export function byFilter(target: ListenTarget): ListenTarget & { kind: 'filter' } {
  if (target.kind === 'filter') return target
  return { kind: 'filter', events: target.events }
}

/** The strings in a JSON text. */
const STRINGS = /"(?:[^"\\]|\\.)*"/g

/**
 * The server looks for whoever listens to a key by its own print of it: without escapes, and with Java's exponents in
 * fractions. If the registration has another, it finds nobody who wants values, and sends none (24.09, 25.03.2;
 * test/conformance/events/many.test.ts).
 */
function mayBePrintedOtherwise(target: ListenTarget): boolean {
  return target.kind === 'key' && (hasUnicodeEscape(target.key) || hasFraction(target.key))
}

function hasFraction(key: Bytes): boolean {
  return /\d[.e]/i.test(textOf(key).replace(STRINGS, ''))
}

const LISTENER_RACE = '"mapFilterId" is null'
const LISTENER_RACE_LIMIT = 5

/**
 * Sends the request of a listener. The server sometimes fails on one with an exception if it removes the last listener to a
 * filter at the same time, as it does when a connection is lost (25.03.2; test/conformance/events/cuts.test.ts). Then
 * the request is sent again.
 */
export async function requestListener(
  subChannel: SubChannel,
  message: MapListenerRequest,
  cacheId: number,
  call: Call,
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await requestOnce(subChannel, REQUESTS.listen, message, cacheId, call)
      return
    } catch (error) {
      const isRace = error instanceof ServerError && error.message.includes(LISTENER_RACE)
      if (!isRace || attempt === LISTENER_RACE_LIMIT) throw error
      await pause(backoffMillis(attempt), call.signal)
    }
  }
}

const BY_MASK = 'filter.MapEventFilter'
const TRANSFORMING = 'filter.MapEventTransformerFilter'
/** Every insert, update and delete. */
const EVERY_CHANGE = 7
/** The server ignores the bits above those of a mask. They make a filter unequal to others that accept the same events. */
const NUMBER_SHIFT = 8

/**
 * The filter of a registration. The server takes two filters for one if they are equal to Java, as `in` is for any order
 * of its values, and names only the last id in events (24.09, 25.03.2; test/conformance/events/many.test.ts). So all
 * but the first of a cache are made different from the others.
 */
export function distinctFilter({ query, bytes, encode }: EventFilter, filterId: number): Bytes {
  return filterId <= 1 ? bytes : encode(distinctQuery(query, filterId - 1))
}

function distinctQuery(query: object, number: number): object {
  const members = query as Readonly<Record<string, unknown>>
  const { mask, filter } = members
  // Servers know their classes with this prefix and without it.
  const className = String(members['@class']).replace(/^util\./, '')
  if (className === BY_MASK && typeof mask === 'number')
    return { ...members, mask: mask | (number << NUMBER_SHIFT) }
  if (className !== TRANSFORMING) return beside(query, number)
  // Inside of another filter it would transform nothing.
  return { ...members, filter: beside(filter ?? { '@class': BY_MASK, mask: EVERY_CHANGE }, number) }
}

/** A filter and one that accepts everything, which differs for each number. */
function beside(filter: unknown, number: number): object {
  const everything = { '@class': BY_MASK, mask: EVERY_CHANGE | (number << NUMBER_SHIFT) }
  return { '@class': 'filter.AllFilter', filters: [filter, everything] }
}
