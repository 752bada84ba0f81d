// What keySet(), values() and entrySet() return: collections that queries can look into, but that the server cannot send.
import { JavaException } from '../../java/java-exception'
import { JsonObject, type JavaList, type JavaMap, type JavaValue } from '../../java/java-value'

type Kind = 'KeySet' | 'Values' | 'EntrySet'

const CLASSES = new WeakMap<JavaList, string>()

export function viewOf(map: JsonObject | JavaMap, kind: Kind, elements: JavaList): JavaList {
  const view = [...elements]
  CLASSES.set(
    view,
    map instanceof JsonObject ? `java.util.LinkedHashMap$Linked${kind}` : `java.util.HashMap$${kind}`,
  )
  return view
}

/** Returns the value, which has to be one that the server can send. */
export function sendable<T extends JavaValue | undefined>(value: T): T {
  const className = Array.isArray(value) ? CLASSES.get(value as JavaList) : undefined
  if (className !== undefined) throw new JavaException('java.io.NotSerializableException', className)
  return value
}
