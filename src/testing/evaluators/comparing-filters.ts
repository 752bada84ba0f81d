// Filters that compare what is extracted with a value.
import { javaEquals } from '../java/equality'
import { JavaCharacter, JavaMap, JsonObject, type JavaObject, type JavaValue } from '../java/java-value'
import { member, unreadable, type Table } from './agents'
import { naturalOrder } from './extractors'
import { ofExtracted, type Filter } from './filter'

export const COMPARING_FILTERS: Table<Filter> = {
  'filter.EqualsFilter': equality(true),
  'filter.NotEqualsFilter': equality(false),
  'filter.IsNullFilter': (agent) => ofExtracted(agent, (extracted) => extracted === null),
  'filter.IsNotNullFilter': (agent) => ofExtracted(agent, (extracted) => extracted !== null),
  'filter.GreaterFilter': ordering((result) => result > 0),
  'filter.GreaterEqualsFilter': ordering((result) => result >= 0),
  'filter.LessFilter': ordering((result) => result < 0),
  'filter.LessEqualsFilter': ordering((result) => result <= 0),
}

function equality(wanted: boolean): (agent: JavaObject) => Filter {
  return (agent) => {
    const value = member(agent, 'value')
    return ofExtracted(agent, (extracted) => javaEquals(extracted, value) === wanted)
  }
}

/** Null is neither less nor greater than anything. Values of different kinds cannot be compared. */
function ordering(holds: (result: number) => boolean): (agent: JavaObject) => Filter {
  return (agent) => {
    const value = member(agent, 'value')
    if (isUnreadable(value)) throw unreadable()
    const filter = ofExtracted(
      agent,
      (extracted) => extracted !== null && holds(naturalOrder(extracted, value)),
    )
    return value === null ? { accepts: () => false } : filter
  }
}

/** What the server cannot read where it expects something that can be compared. */
function isUnreadable(value: JavaValue): boolean {
  return (
    Array.isArray(value) ||
    value instanceof JsonObject ||
    value instanceof JavaMap ||
    value instanceof JavaCharacter
  )
}
