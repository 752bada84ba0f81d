// The processors by which the server itself puts, gets and removes.
import { javaEquals } from '../../java/equality'
import { JavaException } from '../../java/java-exception'
import { JavaObject, type JavaValue } from '../../java/java-value'
import { integerMember, mapMember, member, type Table } from '../agents'
import type { MutableEntry } from '../entry'
import type { Processor } from './processor'

const NAME = 'internal.util.processor.CacheProcessors.'

const BY_NAME: Table<Processor> = {
  Null: () => ({ process: () => null }),
  Get: () => ({ process: ({ isPresent, value }) => (isPresent ? value : undefined) }),
  BinaryGet: () => ({
    process: () => {
      throw new JavaException(
        'com.oracle.coherence.io.json.genson.JsonBindingException',
        'Failed to serialize object of type class java.lang.Object',
      )
    },
  }),
  GetOrDefault: () => ({ process: ({ value }) => optional(value) }),
  Put: (agent) => {
    const value = member(agent, 'value')
    const ttlMillis = integerMember(agent, 'ttl')
    return {
      process(entry) {
        entry.setValue(value, ttlMillis)
        return null
      },
    }
  },
  PutAll: (agent) => putAll(agent, 0, null),
  PutAllPutAllWithExpiry: (agent) => putAll(agent, integerMember(agent, 'ttl'), undefined),
  PutIfAbsent: (agent) => {
    const value = member(agent, 'value')
    return {
      process(entry) {
        if (entry.value !== null) return entry.value
        entry.setValue(value)
        return null
      },
    }
  },
  Remove: () => ({
    process(entry) {
      const { value } = entry
      entry.remove()
      return value
    },
  }),
  RemoveBlind: () => ({ process: removeBlind }),
  RemoveValue: (agent) => {
    const value = member(agent, 'value')
    return {
      process(entry) {
        // An absent entry has the value null.
        const isRemoved = javaEquals(entry.value, value)
        if (isRemoved) removeBlind(entry)
        return isRemoved
      },
    }
  },
  Replace: (agent) => {
    const value = member(agent, 'value')
    return {
      process(entry) {
        if (!entry.isPresent) return null
        const { value: before } = entry
        entry.setValue(value)
        return before
      },
    }
  },
  ReplaceValue: (agent) => {
    const [oldValue, newValue] = [member(agent, 'oldValue'), member(agent, 'newValue')]
    return {
      process(entry) {
        const isReplaced = hasValue(entry, oldValue)
        if (isReplaced) entry.setValue(newValue)
        return isReplaced
      },
    }
  },
}

export const CACHE_PROCESSORS: Table<Processor> = {
  ...Object.fromEntries(Object.entries(BY_NAME).map(([name, make]) => [NAME + name, make])),
  'net.internal.RemoveEntryProcessor': () => ({
    process(entry) {
      entry.remove()
      return false
    },
  }),
}

function putAll(agent: JavaObject, ttlMillis: number, result: null | undefined): Processor {
  const entries = mapMember(agent, 'entries')
  return {
    process(entry) {
      const found = entries.find(([key]) => javaEquals(key, entry.key))
      entry.setValue(found?.[1] ?? null, ttlMillis)
      return result
    },
  }
}

function removeBlind(entry: MutableEntry): boolean {
  if (!entry.isPresent) return false
  entry.remove()
  return true
}

function hasValue({ isPresent, value }: MutableEntry, sought: JavaValue): boolean {
  return isPresent && javaEquals(value, sought)
}

function optional(value: JavaValue): JavaValue {
  return new JavaObject('java.util.Optional', new Map(value === null ? [] : [['value', value]]))
}
