// Filters of events. The server asks them about a change of an entry, and all other filters about a value.
import type { AnyQuery } from './query'
import { classNameOf, serverObject, shown } from './server-object'

/** The bits of a mask by the kinds of change; those of `entered`, `left` and `within` are parts of `update`. */
export const EVENT_MASKS = { insert: 1, update: 2, delete: 4, entered: 8, left: 16, within: 32 } as const
/** Every insert, update and delete. */
export const EVERY_CHANGE = EVENT_MASKS.insert | EVENT_MASKS.update | EVENT_MASKS.delete
const EVERY_UPDATE = EVENT_MASKS.entered | EVENT_MASKS.left | EVENT_MASKS.within
const EVERY_BIT = EVERY_CHANGE | EVERY_UPDATE
/** All bits of the `syntheticMask` of a `CacheEventFilter`: synthetic events, and all others. */
const EVERY_ORIGIN = 3

const BY_MASK = 'filter.MapEventFilter'
const BY_ORIGIN = 'filter.CacheEventFilter'
const BY_VALUE_CHANGE = 'filter.ValueChangeEventFilter'
const TRANSFORMING = 'filter.MapEventTransformerFilter'
/** If the server asks one of these about an event, it asks its parts about the event. */
const COMPOSITES: readonly string[] = [
  'filter.AllFilter',
  'filter.AnyFilter',
  'filter.AndFilter',
  'filter.OrFilter',
  'filter.XorFilter',
  'filter.NotFilter',
]

type Members = Readonly<Record<string, unknown>>

/** Makes an event filter that accepts the changes in `mask`, of entries whose old or new value `filter` accepts. */
export function changesOf(filter: object, mask: number): AnyQuery {
  return serverObject(BY_MASK, { mask, filter })
}

/** Whether `filter` is of one of the server's classes for events, or is composed of filters of which one is. */
export function isEventFilter(filter: unknown): boolean {
  const className = classNameOf(filter)
  switch (className) {
    case BY_MASK:
    case BY_ORIGIN:
    case BY_VALUE_CHANGE:
    case TRANSFORMING:
      return true
    default:
      return COMPOSITES.includes(className) && partsOf(filter as Members).some(isEventFilter)
  }
}

/** The values whose changes an event filter accepts. */
export interface EventFilterValues {
  /** The filter that has to accept the old or the new value; `undefined` for all values. */
  readonly filter: object | undefined
  /** Whether it accepts every change of these values. */
  readonly everyChange: boolean
}

/** Returns the values that an event filter is about; `undefined` if only the server knows them. */
export function valuesOfEventFilter(filter: object): EventFilterValues | undefined {
  const className = classNameOf(filter)
  if (className !== BY_MASK && className !== BY_ORIGIN) return undefined
  const { mask, syntheticMask, filter: inner } = filter as Members
  return {
    filter: typeof inner === 'object' && inner !== null ? inner : undefined,
    everyChange: isEveryChange(Number(mask)) && (className === BY_MASK || syntheticMask === EVERY_ORIGIN),
  }
}

/** Whether a filter with this mask accepts every insert, update and delete. */
export function isEveryChange(mask: number): boolean {
  const updates = (mask & EVERY_UPDATE) === EVERY_UPDATE ? EVENT_MASKS.update : 0
  return ((mask | updates) & EVERY_CHANGE) === EVERY_CHANGE
}

/**
 * Refuses an event filter that would accept no event. The server takes it without an error.
 *
 * @throws {TypeError} the filter would accept no event.
 */
export function checkEventFilter(operation: string, filter: unknown): void {
  const className = classNameOf(filter)
  const members = (filter ?? {}) as Members
  switch (className) {
    case BY_ORIGIN:
      checkBits(
        operation,
        members,
        'syntheticMask',
        EVERY_ORIGIN,
        '1 for events that are synthetic, 2 for the others, 3 for all',
      )
      checkMask(operation, members)
      return
    case BY_MASK:
      checkMask(operation, members)
      return
    case BY_VALUE_CHANGE:
      if (classNameOf(members['extractor']) !== '') return
      throw new TypeError(
        `${operation}: the ${className} has no extractor; pass one, such as Extractors.extract('name')`,
      )
    case TRANSFORMING:
      if (members['filter'] !== undefined) checkEventFilter(operation, members['filter'])
      return
    default:
      if (COMPOSITES.includes(className)) {
        for (const part of partsOf(members)) checkEventFilter(operation, part)
      } else if (className.startsWith('filter.') && 'extractor' in members) {
        // Of an event it finds no members.
        throw new TypeError(
          `${operation}: a ${className} is about values, but it is part of an event filter; ` +
            `put it into one: Filters.custom('${BY_MASK}', { mask: ${EVERY_CHANGE}, filter: … })`,
        )
      }
  }
}

function checkMask(operation: string, members: Members): void {
  const meaning =
    'the sum of 1 for inserts, 2 for updates, 4 for deletes; of updates 8 for entered, 16 for left, 32 for within'
  checkBits(operation, members, 'mask', EVERY_BIT, meaning)
}

function checkBits(operation: string, members: Members, name: string, most: number, meaning: string): void {
  const bits = members[name]
  if (typeof bits === 'number' && Number.isInteger(bits) && bits > 0 && bits <= most) return
  throw new TypeError(
    `${operation}: ${name} of the ${classNameOf(members)} is ${shown(bits)}, which lets no event through; pass ${meaning}`,
  )
}

function partsOf({ filters, filter }: Members): readonly unknown[] {
  return Array.isArray(filters) ? filters : [filter]
}
