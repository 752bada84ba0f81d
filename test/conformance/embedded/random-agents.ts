// Random processors and aggregators.
import * as fc from 'fast-check'
import { QueryCall } from './query-call'
import { call, callOfSome, extractor, filter, path, source, valueComparator } from './random-queries'
import { anything, fraction, integer, list, record, members, text } from './random-values'

type Query = fc.Arbitrary<QueryCall>

const numberPath = fc.oneof({ weight: 4, arbitrary: fc.constantFrom('n', 'f', 'o.x') }, path)
const number = fc.oneof({ weight: 3, arbitrary: integer }, fraction)
const returnOld = members({ returnOld: fc.boolean() })
const returnCurrent = members({ returnCurrent: fc.boolean() })
const value = fc.oneof(record, integer, text, list, anything)

const custom: Query = fc.oneof(
  ...['processor.TouchProcessor', 'processor.PreloadRequest', 'util.NullEntryProcessor'].map((name) =>
    call('Processors', 'custom', fc.constant(name)),
  ),
  call(
    'Processors',
    'custom',
    fc.constant('processor.MethodInvocationProcessor'),
    members({
      methodName: fc.constantFrom('toString', 'size', 'length', 'hashCode', 'toUpperCase'),
      args: fc.constant([]),
      mutator: fc.boolean(),
    }),
  ),
  call('Processors', 'custom', fc.constant('processor.UpdaterProcessor'), members({ value })),
)

const simpleProcessor: Query = fc.oneof(
  { weight: 3, arbitrary: call('Processors', 'extract', source) },
  { weight: 2, arbitrary: call('Processors', 'increment', numberPath, number) },
  { weight: 1, arbitrary: call('Processors', 'increment', numberPath, number, returnOld) },
  { weight: 2, arbitrary: call('Processors', 'multiply', numberPath, number) },
  { weight: 1, arbitrary: call('Processors', 'multiply', numberPath, number, returnOld) },
  { weight: 3, arbitrary: call('Processors', 'update', path, value) },
  { weight: 2, arbitrary: call('Processors', 'conditionalPut', filter, value) },
  { weight: 1, arbitrary: call('Processors', 'conditionalPut', filter, value, returnCurrent) },
  { weight: 1, arbitrary: call('Processors', 'conditionalRemove', filter) },
  { weight: 1, arbitrary: call('Processors', 'conditionalRemove', filter, returnCurrent) },
  { weight: 1, arbitrary: custom },
)

/** Without objects that one part returns or stores and another changes: see known-differences.ts. */
const composite: Query = fc
  .tuple(
    fc.array(
      fc.oneof(
        call('Processors', 'increment', numberPath, number),
        call('Processors', 'multiply', numberPath, number, returnOld),
        call('Processors', 'update', path, fc.oneof(integer, text)),
        call('Processors', 'conditionalRemove', filter),
      ),
      { maxLength: 2 },
    ),
    simpleProcessor,
  )
  .map(([parts, last]) => new QueryCall('Processors', 'all', [...parts, last]))

export const processor: Query = fc.oneof(
  { weight: 5, arbitrary: simpleProcessor },
  { weight: 1, arbitrary: call('Processors', 'when', filter, simpleProcessor) },
  { weight: 1, arbitrary: composite },
)

const simpleAggregator: Query = fc.oneof(
  call('Aggregators', 'count'),
  ...['sum', 'average', 'max', 'min', 'distinct'].flatMap((name) => [
    call('Aggregators', name, source),
    call('Aggregators', name, fc.oneof(numberPath, call('Extractors', 'identity'))),
  ]),
  call('Aggregators', 'custom', fc.constant('aggregator.ReducerAggregator'), members({ extractor })),
)

/** For one entry: see known-differences.ts. */
export const topAggregator: Query = call(
  'Aggregators',
  'top',
  fc.integer({ min: 1, max: 4 }),
  valueComparator,
)

/** Conditions on a result. */
const groupFilter = fc.oneof(
  filter,
  ...['greater', 'lessEqual', 'equal'].map((name) =>
    call('Filters', name, call('Extractors', 'identity'), fc.integer({ min: 0, max: 3 })),
  ),
)

export const aggregator: Query = fc.oneof(
  { weight: 5, arbitrary: simpleAggregator },
  { weight: 1, arbitrary: call('Aggregators', 'groupBy', source, simpleAggregator) },
  { weight: 1, arbitrary: call('Aggregators', 'groupBy', source, simpleAggregator, groupFilter) },
  { weight: 1, arbitrary: callOfSome('Aggregators', 'all', simpleAggregator) },
)
