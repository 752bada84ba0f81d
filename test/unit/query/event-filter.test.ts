// Filters of events: which filters are such, and which of them would let nothing through.
import { checkEventFilter, isEventFilter } from '../../../src/query/event-filter'
import * as Extractors from '../../../src/query/extractors'
import * as Filters from '../../../src/query/filters'

const MASK = Filters.custom('filter.MapEventFilter', { mask: 7 })
const VALUES = Filters.equal('a', 1)

describe('a filter of events is', () => {
  it.each([
    ['one of a class for them', MASK],
    ['the same by its longer name', Filters.custom('util.filter.ValueChangeEventFilter')],
    ['one that is put together of them', Filters.any(Filters.never(), Filters.not(MASK))],
  ])('%s', (_what, filter) => {
    expect(isEventFilter(filter)).toBe(true)
  })

  it.each([
    ['not one of values', VALUES],
    ['not one that is put together of those', Filters.all(VALUES, Filters.not(VALUES))],
    ['not one of a class that nobody knows', Filters.custom('com.acme.Rule', { filter: MASK })],
  ])('%s', (_what, filter) => {
    expect(isEventFilter(filter)).toBe(false)
  })
})

describe('accepted is a filter of events', () => {
  it.each([
    ['with a mask of kinds', Filters.custom('filter.MapEventFilter', { mask: 32, filter: VALUES })],
    ['beside one of a class that nobody knows', Filters.all(MASK, Filters.custom('com.acme.Rule'))],
    ['beside those that ask for nothing', Filters.any(MASK, Filters.always(), Filters.never())],
    ['that transforms all of them', Filters.custom('filter.MapEventTransformerFilter', { transformer: {} })],
  ])('%s', (_what, filter) => {
    expect(() => checkEventFilter('listen', filter)).not.toThrow()
  })
})

const BITS =
  'the sum of 1 for inserts, 2 for updates, 4 for deletes; of updates 8 for entered, 16 for left, 32 for within'
const ORIGINS = '1 for events that are synthetic, 2 for the others, 3 for all'

describe('refused is a filter of events', () => {
  it.each([
    [
      'without a mask',
      Filters.custom('util.filter.MapEventFilter', { filter: VALUES }),
      `listen: mask of the filter.MapEventFilter is undefined, which lets no event through; pass ${BITS}`,
    ],
    [
      'with bits that no kind has',
      Filters.custom('filter.CacheEventFilter', { mask: 64, syntheticMask: 3 }),
      `listen: mask of the filter.CacheEventFilter is 64, which lets no event through; pass ${BITS}`,
    ],
    [
      'without a mask of their origin',
      Filters.custom('filter.CacheEventFilter', { mask: 7 }),
      `listen: syntheticMask of the filter.CacheEventFilter is undefined, which lets no event through; pass ${ORIGINS}`,
    ],
    [
      'of changes of nothing',
      Filters.custom('filter.ValueChangeEventFilter'),
      "listen: the filter.ValueChangeEventFilter has no extractor; pass one, such as Extractors.extract('name')",
    ],
    [
      'beside one of values',
      Filters.all(MASK, VALUES),
      'listen: a filter.EqualsFilter is about values, but it is part of an event filter; put it into one: ' +
        "Filters.custom('filter.MapEventFilter', { mask: 7, filter: … })",
    ],
    [
      'that transforms what one of values wants',
      Filters.custom('filter.MapEventTransformerFilter', {
        filter: Filters.not(Filters.greater(Extractors.identity(), 1)),
      }),
      'listen: a filter.GreaterFilter is about values, but it is part of an event filter; put it into one: ' +
        "Filters.custom('filter.MapEventFilter', { mask: 7, filter: … })",
    ],
  ])('%s', (_what, filter, text) => {
    expect(() => checkEventFilter('listen', filter)).toThrow(new TypeError(text))
  })
})
