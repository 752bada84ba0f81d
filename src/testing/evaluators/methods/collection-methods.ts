// The methods of java.util.ArrayList and of maps that queries call. A method that changes its object returns what it
// becomes: values never change in place.
import { javaEquals } from '../../java/equality'
import { JavaException } from '../../java/java-exception'
import type { JavaMap } from '../../java/java-value'
import { JavaDouble, JsonObject, type JavaList, type JavaValue } from '../../java/java-value'
import { castFailure, nullPointer } from '../agents'
import { asNumber, toByte, toDouble, toInt, toLong, toShort } from '../numbers'
import { Changed, method, type Methods } from './method'
import { indexOf, mapView, type MapView } from './map-view'
import { viewOf } from './views'

export const LIST_METHODS: Methods<JavaList> = {
  size: [method('', (list: JavaList) => list.length)],
  isEmpty: [method('', (list: JavaList) => list.length === 0)],
  get: [method('i', (list: JavaList, index: number) => list[checkedIndex(list, index)] ?? null)],
  contains: [method('o', (list: JavaList, sought: JavaValue) => indexOf(list, sought) >= 0)],
  containsAll: [
    method('c', (list: JavaList, sought: JavaList) => sought.every((one) => indexOf(list, one) >= 0)),
  ],
  indexOf: [method('o', indexOf)],
  lastIndexOf: [
    method('o', (list: JavaList, sought: JavaValue) => list.findLastIndex((one) => javaEquals(one, sought))),
  ],
  toArray: [method('', (list: JavaList) => list)],
  clone: [method('', (list: JavaList) => list)],
  subList: [method('ii', subList)],
  add: [method('o', (list: JavaList, value: JavaValue) => new Changed(true, [...list, value]))],
  remove: [
    method('o', (list: JavaList, value: JavaValue) => {
      const index = indexOf(list, value)
      return new Changed(index >= 0, index < 0 ? list : list.toSpliced(index, 1))
    }),
  ],
  clear: [method('', () => new Changed(null, []))],
}

export const MAP_METHODS: Methods<JsonObject | JavaMap> = {
  size: [method('', (map: MapView['map']) => mapView(map).entries.length)],
  isEmpty: [method('', (map: MapView['map']) => mapView(map).entries.length === 0)],
  get: [method('o', (map: MapView['map'], key: JavaValue) => mapView(map).get(key) ?? null)],
  getOrDefault: [
    method('oo', (map: MapView['map'], key: JavaValue, fallback: JavaValue) => {
      const value = mapView(map).get(key)
      return value === undefined ? fallback : value
    }),
  ],
  containsKey: [method('o', (map: MapView['map'], key: JavaValue) => mapView(map).get(key) !== undefined)],
  containsValue: [
    method('o', (map: MapView['map'], value: JavaValue) => indexOf(mapView(map).values, value) >= 0),
  ],
  keySet: [
    method('', (map: MapView['map']) =>
      viewOf(
        map,
        'KeySet',
        mapView(map).entries.map(([key]) => key),
      ),
    ),
  ],
  values: [method('', (map: MapView['map']) => viewOf(map, 'Values', mapView(map).values))],
  /** Its entries are of no use to a query. */
  entrySet: [
    method('', (map: MapView['map']) =>
      viewOf(
        map,
        'EntrySet',
        mapView(map).entries.map(([key]) => key),
      ),
    ),
  ],
  clone: [method('', (map: MapView['map']) => map)],
  put: [method('oo', put)],
  putIfAbsent: [
    method('oo', (map: MapView['map'], key: JavaValue, value: JavaValue) =>
      (mapView(map).get(key) ?? null) === null ? put(map, key, value) : (mapView(map).get(key) ?? null),
    ),
  ],
  replace: [
    method('oo', (map: MapView['map'], key: JavaValue, value: JavaValue) =>
      mapView(map).get(key) === undefined ? null : put(map, key, value),
    ),
  ],
  remove: [
    method('o', (map: MapView['map'], key: JavaValue) => {
      const view = mapView(map)
      return new Changed(view.get(key) ?? null, view.without(key))
    }),
    method('oo', (map: MapView['map'], key: JavaValue, value: JavaValue) => {
      const view = mapView(map)
      const isThere = view.get(key) !== undefined && javaEquals(view.get(key) ?? null, value)
      return new Changed(isThere, isThere ? view.without(key) : map)
    }),
  ],
  clear: [method('', (map: MapView['map']) => new Changed(null, mapView(map).empty()))],
}

export const JSON_OBJECT_METHODS: Methods<JsonObject> = {
  getVersion: [method('', ({ version }: JsonObject) => version)],
  getVersionIndicator: [method('', ({ version }: JsonObject) => version)],
  isVersioned: [method('', ({ version }: JsonObject) => version > 0)],
  getClassName: [method('', ({ className }: JsonObject) => className ?? null)],
  incrementVersion: [
    method(
      '',
      ({ members, className, version }: JsonObject) =>
        new Changed(null, new JsonObject(members, className, version + 1)),
    ),
  ],
  setVersion: [
    method('i', ({ members, className }: JsonObject, version: number) => {
      const changed = new JsonObject(members, className, version)
      return new Changed(changed, changed)
    }),
  ],
  setClassName: [
    method(
      's',
      ({ members, version }: JsonObject, className: string | null) =>
        new Changed(null, new JsonObject(members, className ?? undefined, version)),
    ),
  ],
  set: [
    method('so', (object: JsonObject, name: string, value: JavaValue) => {
      const { target } = put(object, name, value)
      return new Changed(target, target)
    }),
  ],
  getString: [typed('java.lang.String', (value) => (typeof value === 'string' ? value : undefined))],
  getBoolean: [typed('java.lang.Boolean', (value) => (typeof value === 'boolean' ? value : undefined))],
  getNumber: [typed('java.lang.Number', asNumber)],
  getInt: [typed('java.lang.Number', (value) => toInt(asNumber(value)))],
  getShort: [typed('java.lang.Number', (value) => toShort(asNumber(value)))],
  getByte: [typed('java.lang.Number', (value) => toByte(asNumber(value)))],
  getLong: [typed('java.lang.Number', (value) => toLong(asNumber(value)))],
  getDouble: [typed('java.lang.Number', (value) => new JavaDouble(toDouble(asNumber(value))))],
}

function put(map: MapView['map'], key: JavaValue, value: JavaValue): Changed {
  const view = mapView(map)
  return new Changed(view.get(key) ?? null, view.with(key, value))
}

/** A method that reads a member as one type. */
function typed(className: string, read: (value: JavaValue) => JavaValue | undefined) {
  return method('s', (object: JsonObject, name: string) => {
    const value = object.members.get(name) ?? null
    if (value === null) {
      if (className === 'java.lang.String') return null
      throw nullPointer(`The member ${name} is null`)
    }
    const result = read(value)
    if (result === undefined) throw castFailure(value, className)
    return result
  })
}

function subList(list: JavaList, from: number, to: number): JavaValue {
  if (to > list.length) throw new JavaException('java.lang.IndexOutOfBoundsException', `toIndex = ${to}`)
  return list.slice(from, to)
}

function checkedIndex(list: JavaList, index: number): number {
  if (index >= 0 && index < list.length) return index
  throw new JavaException(
    'java.lang.IndexOutOfBoundsException',
    `Index ${index} out of bounds for length ${list.length}`,
  )
}
