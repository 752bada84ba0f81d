// Filters that look for values in a collection.
import type { JavaObject, JavaValue } from '../java/java-value'
import { isList, listMember, member, type Table } from './agents'
import { ofExtracted, type Filter } from './filter'
import { indexOf } from './methods/map-view'

export const CONTAINING_FILTERS: Table<Filter> = {
  'filter.ContainsFilter': (agent) => {
    const value = member(agent, 'value')
    return ofExtracted(agent, (extracted) => isList(extracted) && has(extracted, value))
  },
  'filter.ContainsAllFilter': (agent) => {
    const values = valuesOf(agent)
    return ofExtracted(
      agent,
      (extracted) => isList(extracted) && values.every((value) => has(extracted, value)),
    )
  },
  'filter.ContainsAnyFilter': (agent) => {
    const values = valuesOf(agent)
    return ofExtracted(
      agent,
      (extracted) => isList(extracted) && values.some((value) => has(extracted, value)),
    )
  },
  'filter.InFilter': (agent) => {
    const values = valuesOf(agent)
    return ofExtracted(agent, (extracted) => has(values, extracted))
  },
}

function valuesOf(agent: JavaObject): readonly JavaValue[] {
  return listMember(agent, 'value') ?? []
}

function has(list: readonly JavaValue[], value: JavaValue): boolean {
  return indexOf(list, value) >= 0
}
