// Processors that store or remove a value where a condition holds.
import { javaEquals } from '../../java/equality'
import { JsonObject, type JavaObject, type JavaValue } from '../../java/java-value'
import { booleanMember, castFailure, mapMember, member, unreadable, type Table } from '../agents'
import type { MutableEntry } from '../entry'
import { filterMember } from '../filters'
import type { Processor } from './processor'

export const PUTTING_PROCESSORS: Table<Processor> = {
  'processor.ConditionalPut': conditionalPut,
  'processor.ConditionalPutAll': conditionalPutAll,
  'processor.ConditionalRemove': conditionalRemove,
  'processor.VersionedPut': versionedPut,
  'processor.VersionedPutAll': versionedPutAll,
}

function conditionalPut(agent: JavaObject): Processor {
  const filter = filterMember(agent)
  const value = member(agent, 'value')
  const isCurrentReturned = booleanMember(agent, 'return')
  return {
    process(entry) {
      if (!filter.accepts(entry)) return isCurrentReturned ? entry.value : undefined
      entry.setValue(value)
      return undefined
    },
  }
}

function conditionalPutAll(agent: JavaObject): Processor {
  const filter = filterMember(agent)
  const entries = mapMember(agent, 'entries')
  return {
    process(entry) {
      const found = entries.find(([key]) => javaEquals(key, entry.key))
      if (found !== undefined && filter.accepts(entry)) entry.setValue(found[1])
      return undefined
    },
  }
}

function conditionalRemove(agent: JavaObject): Processor {
  const filter = filterMember(agent)
  const isCurrentReturned = booleanMember(agent, 'return')
  return {
    process(entry) {
      if (!entry.isPresent || !filter.accepts(entry)) return isCurrentReturned ? entry.value : undefined
      entry.remove()
      return undefined
    },
  }
}

function versionedPut(agent: JavaObject): Processor {
  const value = member(agent, 'value')
  if (value !== null && !(value instanceof JsonObject)) throw unreadable()
  const [isInsertAllowed, isCurrentReturned] = versionedOptions(agent)
  return { process: (entry) => putVersion(entry, value, isInsertAllowed, isCurrentReturned) }
}

function versionedPutAll(agent: JavaObject): Processor {
  const entries = mapMember(agent, 'entries')
  const [isInsertAllowed, isCurrentReturned] = versionedOptions(agent)
  return {
    process(entry) {
      const found = entries.find(([key]) => javaEquals(key, entry.key))
      return found && putVersion(entry, found[1], isInsertAllowed, isCurrentReturned)
    },
  }
}

function versionedOptions(agent: JavaObject): [isInsertAllowed: boolean, isCurrentReturned: boolean] {
  return [booleanMember(agent, 'insert'), booleanMember(agent, 'return')]
}

/** Stores the value with the next version where its version is that of the entry. */
function putVersion(
  entry: MutableEntry,
  value: JavaValue,
  isInsertAllowed: boolean,
  isCurrentReturned: boolean,
): JavaValue | undefined {
  const { value: current } = entry
  const put = asVersioned(value)
  const matches = current === null ? isInsertAllowed : asVersioned(current).version === put.version
  if (!matches) return isCurrentReturned ? current : undefined
  entry.setValue(new JsonObject(put.members, put.className, put.version + 1))
  return undefined
}

function asVersioned(value: JavaValue): JsonObject {
  if (value instanceof JsonObject) return value
  throw castFailure(value, 'com.tangosol.util.Versionable')
}
