// The record of a query. It has the shape of the server's: one step over all entries, because there are no indexes.
import { JavaObject, type JavaValue } from '../java/java-value'
import { member, textMember, unreadable } from './agents'
import type { Aggregator } from './aggregator'

const TYPES: readonly (string | null)[] = ['EXPLAIN', 'TRACE']
const RECORD = 'util.SimpleQueryRecord'
const RESULT = 'util.SimpleQueryRecord.PartialResult'
const STEP = 'util.SimpleQueryRecord.PartialResult.Step'
const TYPE = 'aggregator.QueryRecorder.RecordType'
/** All 257 partitions. */
const EVERY_PARTITION = objectOf('net.partition.PartitionSet', {
  bits: [-1n, -1n, -1n, -1n, 1n],
  markedCount: 257,
  partitionCount: 257,
  tailMask: 1n,
})

export function queryRecorder(agent: JavaObject): Aggregator {
  const type = typeOf(member(agent, 'type'))
  return {
    aggregate: ({ length }) => {
      const step = objectOf(STEP, {
        efficiency: type === 'EXPLAIN' ? length : 0,
        filter: 'TRUE',
        indexLookupRecords: [],
        keySetSizePost: type === 'EXPLAIN' ? 0 : length,
        keySetSizePre: length,
        millis: 0n,
        subSteps: [],
      })
      const result = objectOf(RESULT, { partitionSet: EVERY_PARTITION, steps: [step] })
      return objectOf(RECORD, { results: [result], type: objectOf(TYPE, { enum: type }) })
    },
  }
}

function typeOf(value: JavaValue): string {
  if (value === null || typeof value !== 'object' || !('members' in value)) throw unreadable()
  const name = textMember(new JavaObject(TYPE, value.members), 'enum')
  if (name === null || !TYPES.includes(name)) throw unreadable()
  return name
}

function objectOf(className: string, members: Readonly<Record<string, JavaValue>>): JavaObject {
  return new JavaObject(className, new Map(Object.entries(members)))
}
