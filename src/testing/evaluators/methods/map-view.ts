// One look at the two kinds of maps: JsonObjects, whose keys are strings, and all others.
import { javaEquals } from '../../java/equality'
import { JavaMap, JsonObject, type JavaList, type JavaValue } from '../../java/java-value'

type Entries = readonly (readonly [key: JavaValue, value: JavaValue])[]

export interface MapView {
  readonly map: JsonObject | JavaMap
  readonly entries: Entries
  readonly values: JavaList
  /** `undefined` where the map has no such key. */
  get(key: JavaValue): JavaValue | undefined
  with(key: JavaValue, value: JavaValue): JsonObject | JavaMap
  without(key: JavaValue): JsonObject | JavaMap
  empty(): JsonObject | JavaMap
}

export function mapView(map: JsonObject | JavaMap): MapView {
  const entries: Entries = map instanceof JsonObject ? [...map.members] : map.entries
  const at = (key: JavaValue) => entries.findIndex(([own]) => javaEquals(own, key))
  return {
    map,
    entries,
    values: entries.map(([, value]) => value),
    get: (key) => entries[at(key)]?.[1],
    with: (key, value) => {
      const index = at(key)
      return rebuilt(map, index < 0 ? [...entries, [key, value]] : entries.with(index, [key, value]))
    },
    without: (key) =>
      rebuilt(
        map,
        entries.filter((_, index) => index !== at(key)),
      ),
    empty: () => rebuilt(map, []),
  }
}

/** `indexOf()` of a list. */
export function indexOf(list: JavaList, sought: JavaValue): number {
  return list.findIndex((one) => javaEquals(one, sought))
}

function rebuilt(map: JsonObject | JavaMap, entries: Entries): JsonObject | JavaMap {
  if (map instanceof JavaMap) return new JavaMap(map.className, entries)
  return new JsonObject(
    new Map(entries as readonly (readonly [string, JavaValue])[]),
    map.className,
    map.version,
  )
}
