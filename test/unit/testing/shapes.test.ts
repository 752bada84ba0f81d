// Every shape of an agent that was sent to a real server (CE 25.03.2), with what the server made of it.
import shapes from './fixtures/shapes.json'
import { toAggregator } from '../../../src/testing/evaluators/aggregators'
import { toComparator } from '../../../src/testing/evaluators/comparators'
import { toFilter } from '../../../src/testing/evaluators/filters'
import { toProcessor } from '../../../src/testing/evaluators/processors'
import { JavaException } from '../../../src/testing/java/java-exception'
import { parseJson } from '../../../src/testing/java/json-parser'
import type { JavaValue } from '../../../src/testing/java/java-value'
import { people, printed, TestEntry, vectors } from './entries'

interface Shape {
  readonly kind: string
  readonly name: string
  readonly agent: string
  readonly result?: unknown
  readonly error?: string
  readonly wrapped?: boolean
}

/** What the embedded server does otherwise, and why. */
const DIFFERENT: Readonly<Record<string, string>> = {
  'filter null payload': 'null is no filter, which is not for evaluators to know',
  VersionedPutAll: 'the vector has the values afterwards',
  'LimitFilter page0': 'a page is of the first entries, and their order is another one',
  'LimitFilter page1': 'as page0',
  'LimitFilter page2': 'as page0',
  'LimitFilter comparator': 'as page0',
  'QueryKeys with comparator': 'the request ignores it, not the comparator',
  ScriptProcessor: 'the text names a thread',
  'BigDecimalSum m_scale': 'the server fails where it answers',
  'DistinctValues empty': 'as BigDecimalSum m_scale',
  'ReducerAggregator empty': 'as BigDecimalSum m_scale',
  'CacheProcessors.BinaryGet': 'as BigDecimalSum m_scale',
  'QueryRecorder {"enum": "EXPLAIN"}': 'the record does not show the filter',
  'QueryRecorder {"enum": "TRACE"}': 'as EXPLAIN',
  'QueryRecorder {"@class": "aggregator.QueryRecorder.RecordType", "enum": "EXPLAIN"}': 'as EXPLAIN',
  'QueryRecorder EXPLAIN with index': 'as EXPLAIN, and it does not use indexes',
  'QueryRecorder TRACE with index': 'as EXPLAIN with index',
  'QueryRecorder keys': 'an aggregator does not know how its entries were chosen',
}
const NAMED_KEYS: Readonly<Record<string, readonly string[]>> = {
  'Chained on null part': ['5'],
  'Group filter null': ['1'],
  'Group multi': ['1'],
  'Reducer multi': ['1', '2'],
  'TopN key': ['1', '2'],
  'BigDecimalAverage 1/3': ['1'],
  'extract by filter': ['1'],
  'extract keys with absent': ['1', '77'],
  'ConditionalPutAll keys': ['1', '2'],
}

const recorded = (shapes as readonly Shape[]).filter(({ name }) => !Object.hasOwn(DIFFERENT, name))

const answered = recorded.filter(({ error }) => error === undefined)
const refused = recorded.filter(({ error }) => error !== undefined)

it.each(answered)('$kind: $name', (shape) => {
  const { result } = shape
  const isOfOneEntry = shape.kind === 'processor' && isObject(result) && 'valueAfter' in result
  const { found, after } = evaluate(shape)
  expect(withoutOrder(shape, isOfOneEntry ? { result: found, valueAfter: after } : found)).toEqual(
    withoutOrder(shape, result),
  )
})

it.each(refused)('$kind: $name fails', (shape) => {
  let isRead = false
  const run = () => evaluate(shape, () => (isRead = true))
  expect(run).toThrow(JavaException)
  expect(run).toThrow(shape.error ?? '')
  // Comparators run where the client is answered.
  if (shape.kind !== 'comparator') expect(isRead).toBe(shape.wrapped)
})

/** `read` is called when the agent is read and before it runs. */
function evaluate(shape: Shape, read: () => void = () => undefined): { found: unknown; after?: unknown } {
  const { kind } = shape
  // An extractor was asked for what it extracts by a processor.
  const text =
    kind === 'extractor'
      ? `{"@class":"processor.ExtractorProcessor","extractor":${shape.agent}}`
      : shape.agent
  const agent = parseJson(text)
  const entries = entriesOf(shape)
  const [first = new TestEntry('77', undefined)] = entries
  if (kind === 'filter') {
    const filter = toFilter(agent)
    read()
    return { found: entries.filter((entry) => filter.accepts(entry)).map(({ key }) => printed(key)) }
  }
  if (kind === 'comparator') {
    const compare = toComparator(agent)
    read()
    return { found: entries.sort(compare).map(({ key }) => printed(key)) }
  }
  if (kind === 'aggregator') {
    const aggregator = toAggregator(agent)
    read()
    return { found: printed(aggregator.aggregate(entries)) }
  }
  const processor = toProcessor(agent)
  read()
  const results = entries.map((entry) => [entry.key, processor.process(entry)] as const)
  if (kind !== 'processor-all')
    return { found: printed(results[0]?.[1] ?? null), after: printed(first.value) }
  return { found: results.filter(isResult).map((result) => printed(result)) }
}

function entriesOf({ kind, name }: Shape): TestEntry[] {
  if (name.startsWith('Similarity')) return vectors()
  if (name.startsWith('VersionedPut')) return versioned(name)
  if (/(absent|Not\(Present\))/.test(name) && kind === 'processor') return [new TestEntry('77', undefined)]
  if (/(empty|absent keys)$/.test(name) && kind === 'aggregator') return []
  const isOfOne = kind === 'extractor' || kind === 'processor'
  return people(NAMED_KEYS[name] ?? (isOfOne ? ['1'] : undefined))
}

function versioned(name: string): TestEntry[] {
  if (/absent|allowInsert/.test(name)) return [new TestEntry('"ver"', undefined)]
  return [new TestEntry('"ver"', name.includes('stale') ? '{"@version":2,"a":2}' : '{"@version":1,"a":1}')]
}

function isResult(
  pair: readonly [JavaValue, JavaValue | undefined],
): pair is readonly [JavaValue, JavaValue] {
  return pair[1] !== undefined
}

/** What the server answers in no order of its own. */
function withoutOrder({ kind, agent }: Shape, result: unknown): unknown {
  if (kind === 'comparator' || /TopN|Composite|Multi|Similarity/.test(agent)) return result
  if (isObject(result) && !Array.isArray(result) && 'entries' in result)
    return { ...result, entries: sorted(result.entries) }
  return kind === 'filter' || kind === 'processor-all' || agent.includes('Distinct') ? sorted(result) : result
}

function sorted(values: unknown): unknown {
  if (!Array.isArray(values)) return values
  return [...(values as readonly unknown[])].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}
