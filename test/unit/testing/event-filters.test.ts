// Which changes filters of events accept. The answers are those of a real server (CE 25.03.2).
import type { CacheEvent } from '../../../src/testing/evaluators/entry'
import { toEventFilter } from '../../../src/testing/evaluators/event-filters'

import { parseJson } from '../../../src/testing/java/json-parser'

const name = (of: string) => ({ '@class': 'extractor.UniversalExtractor', name: of })
const masked = (mask: number, filter?: object) => ({ '@class': 'filter.MapEventFilter', mask, filter })
const big = { '@class': 'filter.GreaterFilter', extractor: name('a'), value: 5 }
const transformed = (members: object) => ({
  '@class': 'filter.MapEventTransformerFilter',
  filter: masked(7),
  transformer: { '@class': 'util.transformer.ExtractorEventTransformer', ...members },
})

const events = {
  insert: event(1, 'null', '{"a":9}'),
  insertSmall: event(1, 'null', '{"a":1}'),
  entered: event(2, '{"a":1}', '{"a":9}'),
  left: event(2, '{"a":9}', '{"a":1}'),
  within: event(2, '{"a":9}', '{"a":8}'),
  outside: event(2, '{"a":1}', '{"a":2}'),
  delete: event(3, '{"a":9}', 'null'),
}

it.each([
  ['inserted', masked(1, big), ['insert']],
  ['updated', masked(2, big), ['entered', 'left', 'within']],
  ['deleted', masked(4, big), ['delete']],
  ['entered', masked(8, big), ['entered']],
  ['left', masked(16, big), ['left']],
  ['within', masked(32, big), ['within']],
  ['entered or left', masked(24, big), ['entered', 'left']],
  ['within or entered', masked(40, big), ['entered', 'within']],
  ['within or left', masked(48, big), ['left', 'within']],
  ['no kind', masked(64, big), []],
  ['every kind', masked(7), Object.keys(events)],
  ['not inserted', { '@class': 'filter.NotFilter', filter: masked(3) }, ['delete']],
  [
    'any of two kinds',
    { '@class': 'filter.AnyFilter', filters: [masked(1), masked(4)] },
    ['insert', 'insertSmall', 'delete'],
  ],
  ['a value, about the event', big, []],
  [
    'the key of the event',
    { '@class': 'filter.EqualsFilter', extractor: name('key'), value: 1 },
    Object.keys(events),
  ],
  ['natural', { '@class': 'filter.CacheEventFilter', mask: 1, syntheticMask: 2 }, ['insert', 'insertSmall']],
  ['synthetic', { '@class': 'filter.CacheEventFilter', mask: 1, syntheticMask: 1 }, []],
  ['of no origin', { '@class': 'filter.CacheEventFilter', mask: 1 }, []],
  [
    'changed',
    { '@class': 'filter.ValueChangeEventFilter', extractor: name('a') },
    ['entered', 'left', 'within', 'outside'],
  ],
] as const)('%s', (_, filter, accepted) => {
  const evaluator = toEventFilter(parseJson(JSON.stringify(filter)))
  const found = Object.entries(events).filter(([, one]) => evaluator.evaluate(one) !== undefined)
  expect(found.map(([kind]) => kind)).toEqual(accepted)
})

it('hands on the event itself where it accepts it', () => {
  expect(toEventFilter(parseJson(JSON.stringify(masked(7)))).evaluate(events.insert)).toBe(events.insert)
})

it('changes what it transforms', () => {
  const both = transformed({ extractorOld: name('a'), extractorNew: name('a') })
  const evaluated = toEventFilter(parseJson(JSON.stringify(both))).evaluate(events.entered)
  expect([evaluated?.oldValue, evaluated?.newValue]).toEqual([1, 9])
})

it('leaves out values that it has no extractor for', () => {
  const onlyNew = transformed({ extractorNew: name('a') })
  const evaluated = toEventFilter(parseJson(JSON.stringify(onlyNew))).evaluate(events.entered)
  expect([evaluated?.oldValue, evaluated?.newValue]).toEqual([null, 9])
})

function event(id: 1 | 2 | 3, oldValue: string, newValue: string): CacheEvent {
  return {
    id,
    key: 1,
    oldValue: parseJson(oldValue),
    newValue: parseJson(newValue),
    synthetic: false,
    expired: false,
  }
}
