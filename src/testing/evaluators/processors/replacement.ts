// Java changes objects in place, wherever they are within others. Here the objects around are made anew.
import { JavaMap, JavaObject, JsonObject, type JavaValue } from '../../java/java-value'

/** Returns what `root` becomes when the object `old` within it becomes `changed`. */
export function withReplaced(root: JavaValue, old: JavaValue, changed: JavaValue): JavaValue {
  if (root === old) return changed
  if (root === null || typeof root !== 'object' || old === changed) return root
  const replace = (value: JavaValue) => withReplaced(value, old, changed)
  if (Array.isArray(root))
    return keptIfSame(root as readonly JavaValue[], (root as readonly JavaValue[]).map(replace))
  if (root instanceof JavaMap) {
    return new JavaMap(
      root.className,
      root.entries.map(([key, value]) => [key, replace(value)]),
    )
  }
  if (!(root instanceof JsonObject || root instanceof JavaObject)) return root
  const members = new Map([...root.members].map(([name, value]) => [name, replace(value)]))
  if ([...members].every(([name, value]) => value === root.members.get(name))) return root
  return root instanceof JsonObject
    ? new JsonObject(members, root.className, root.version)
    : new JavaObject(root.className, members)
}

function keptIfSame(list: readonly JavaValue[], replaced: readonly JavaValue[]): readonly JavaValue[] {
  return replaced.every((value, index) => value === list[index]) ? list : replaced
}
