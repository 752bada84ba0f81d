// Filters of events: the server asks them about a change of an entry, and all other filters about a value.
import type { AnyQuery } from './query'
import { classNameOf, serverObject, shown } from './server-object'

/** The bits of a mask; those of `entered`, `left` and `within` are parts of `updated`. */
export const EVENT_MASKS = { inserted: 1, updated: 2, deleted: 4, entered: 8, left: 16, within: 32 } as const
/** Every insert, update and delete. */
export const EVERY_CHANGE = EVENT_MASKS.inserted | EVENT_MASKS.updated | EVENT_MASKS.deleted
const EVERY_UPDATE = EVENT_MASKS.entered | EVENT_MASKS.left | EVENT_MASKS.within
const EVERY_BIT = EVERY_CHANGE | EVERY_UPDATE
/** Of the mask of a `CacheEventFilter`: synthetic events, and those that are not. */
const EVERY_ORIGIN = 3
/** The server does not look at the bits above the mask's. They make a filter unequal to others that are like it. */
const DISTINCTION_SHIFT = 8

const BY_MASK = 'filter.MapEventFilter'
const BY_ORIGIN = 'filter.CacheEventFilter'
const BY_VALUE_CHANGE = 'filter.ValueChangeEventFilter'
const TRANSFORMING = 'filter.MapEventTransformerFilter'
/** What the server asks about an event if it is asked about one itself. */
const COMPOSITES: readonly string[] = [
  'filter.AllFilter',
  'filter.AnyFilter',
  'filter.AndFilter',
  'filter.OrFilter',
  'filter.XorFilter',
  'filter.NotFilter',
]

type Members = Readonly<Record<string, unknown>>

/** The changes that `mask` lets through, of entries whose old or new value `filter` accepts. */
export function changesOf(filter: object, mask: number, distinction = 0): AnyQuery {
  return serverObject(BY_MASK, { mask: mask | (distinction << DISTINCTION_SHIFT), filter })
}

/** Whether `filter` is of a class of the server's for events, or put together of filters of which one is. */
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

/** Accepts the same events, and is another filter to the server for each `distinction` above 0. */
export function distinctEventFilter(filter: object, distinction: number): object {
  if (distinction === 0) return filter
  const members = filter as Members
  if (classNameOf(filter) !== TRANSFORMING) {
    const everything = serverObject(BY_MASK, { mask: EVERY_CHANGE | (distinction << DISTINCTION_SHIFT) })
    return serverObject('filter.AllFilter', { filters: [filter, everything] })
  }
  // Inside of another filter it would transform nothing.
  const inner = members['filter'] ?? serverObject(BY_MASK, { mask: EVERY_CHANGE })
  return { ...members, filter: distinctEventFilter(inner, distinction) }
}

/** The values whose changes an event filter is about. */
export interface EventFilterValues {
  /** What the old or the new one has to pass; `undefined` for all. */
  readonly filter: object | undefined
  /** Whether it lets every change of them through. */
  readonly everyChange: boolean
}

/** `undefined` where only the server knows. */
export function valuesOfEventFilter(filter: object): EventFilterValues | undefined {
  const className = classNameOf(filter)
  if (className !== BY_MASK && className !== BY_ORIGIN) return undefined
  const { mask, syntheticMask, filter: inner } = filter as Members
  return {
    filter: typeof inner === 'object' && inner !== null ? inner : undefined,
    everyChange: isEveryChange(Number(mask)) && (className === BY_MASK || syntheticMask === EVERY_ORIGIN),
  }
}

/** Whether a filter with this mask lets every insert, update and delete through. */
export function isEveryChange(mask: number): boolean {
  const updates = (mask & EVERY_UPDATE) === EVERY_UPDATE ? EVENT_MASKS.updated : 0
  return ((mask | updates) & EVERY_CHANGE) === EVERY_CHANGE
}

/**
 * Refuses an event filter that would let no event through: the server takes it without a word.
 *
 * @throws {TypeError} it would.
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
