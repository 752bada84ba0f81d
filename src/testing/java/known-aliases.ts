// The names of classes that servers know without a setup of their own.

/** The families whose classes have a name with `util.` in front and one without. */
export const FAMILIES: Readonly<Record<string, string>> = {
  aggregator:
    'BigDecimalAverage BigDecimalSum ComparableMax ComparableMin CompositeAggregator Count DistinctValues GroupAggregator PriorityAggregator QueryRecorder ReducerAggregator ScriptAggregator TopNAggregator',
  comparator: 'ChainedComparator EntryComparator ExtractorComparator InverseComparator SafeComparator',
  extractor:
    'ChainedExtractor ComparisonValueExtractor CompositeUpdater ConditionalExtractor DeserializationAccelerator IdentityExtractor KeyExtractor MultiExtractor ReflectionExtractor ReflectionUpdater UniversalExtractor UniversalUpdater',
  filter:
    'AllFilter AlwaysFilter AndFilter AnyFilter ArrayFilter BetweenFilter CacheEventFilter ComparisonFilter ContainsAllFilter ContainsAnyFilter ContainsFilter EqualsFilter ExtractorFilter FilterTrigger GreaterEqualsFilter GreaterFilter InFilter InKeySetFilter IsNotNullFilter IsNullFilter KeyAssociatedFilter LessEqualsFilter LessFilter LikeFilter LimitFilter MapEventFilter MapEventTransformerFilter NeverFilter NotEqualsFilter NotFilter OrFilter PartitionedFilter PredicateFilter PresentFilter PriorityFilter RegexFilter ScriptFilter ValueChangeEventFilter XorFilter',
  processor:
    'CompositeProcessor ConditionalProcessor ConditionalPut ConditionalPutAll ConditionalRemove ExtractorProcessor MethodInvocationProcessor NumberIncrementor NumberMultiplier PreloadRequest PriorityProcessor PropertyManipulator PropertyProcessor ScriptProcessor TouchProcessor UpdaterProcessor VersionedPut VersionedPutAll',
}

/** All others that the server can make, by what stands before the last point. */
export const OTHERS: Readonly<Record<string, string>> = {
  'aggregator.QueryRecorder': 'RecordType',
  ai: 'BitVector DocumentChunk DocumentChunk$Id Float32Vector Int8Vector',
  'ai.distance': 'CosineSimilarity InnerProductSimilarity L2SquaredDistance',
  'ai.index': 'BinaryQuantIndex',
  'ai.results': 'QueryResult',
  'ai.search': 'SimilarityAggregator',
  'coherence.config': 'ParameterMacroExpression ResolvableParameterList SimpleParameterList',
  'coherence.config.builder': 'InstanceBuilder StaticFactoryInstanceBuilder',
  'common.base': 'SimpleHolder',
  'config.expression': 'ChainedParameterResolver LiteralExpression Parameter ScopedParameterResolver',
  'internal.net.queue.extractor': 'QueueKeyExtractor',
  'internal.net.queue.model': 'QueueKey QueueOfferResult QueuePageResult QueuePollResult',
  'internal.net.queue.processor': 'QueueNameHash QueueOffer QueuePage QueuePeek QueuePoll QueueRemove',
  'internal.util':
    'DoubleBag DoubleSummaryStatistics IntBag IntSummaryStatistics LongBag LongSummaryStatistics SimpleBinaryEntry',
  'internal.util.collection':
    'PortableCollection PortableConcurrentMap PortableList PortableMap PortableSet PortableSortedMap PortableSortedSet',
  'internal.util.invoke': 'ClassDefinition ClassIdentity RemoteConstructor',
  'internal.util.invoke.lambda': 'AnonymousLambdaIdentity LambdaIdentity StaticLambdaInfo',
  'internal.util.processor': 'CacheProcessors',
  'internal.util.processor.CacheProcessors':
    'BinaryGet Get GetOrDefault Null Put PutAll PutAllPutAllWithExpiry PutIfAbsent Remove RemoveBlind RemoveValue Replace ReplaceValue',
  'internal.util.stream':
    'CollectorAggregator DoubleCollectorAggregator DoublePipeline IntCollectorAggregator IntPipeline LongCollectorAggregator LongPipeline ReferencePipeline',
  'internal.util.stream.collectors':
    'AveragingIntCollector AveragingLongCollector BiReducingCollector CollectingAndThenCollector CollectionCollector GroupingByCollector MapCollector MappingCollector ReducingCollector SimpleRemoteCollector SummarizingDoubleCollector SummarizingIntCollector SummarizingLongCollector SummingDoubleCollector SummingIntCollector SummingLongCollector',
  'net.internal': 'RemoveEntryProcessor',
  'net.partition': 'Ownership PartitionSet SimplePartitionKey VersionedOwnership',
  util: 'CompositeKey MapEvent NullEntryProcessor SimpleQueryRecord UID',
  'util.SimpleQueryRecord': 'PartialResult',
  'util.SimpleQueryRecord.PartialResult': 'IndexLookupRecord Step',
  'util.transformer': 'ExtractorEventTransformer SamplingEventTransformer',
}
