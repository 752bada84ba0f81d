// What a test sees of stored values: JavaScript's own, as the client's codec makes them.
import {
  JavaBigDecimal,
  JavaBigInteger,
  JavaCharacter,
  JavaDouble,
  JavaMap,
  JavaObject,
  type JavaValue,
  JsonObject,
} from './java/java-value'
import { decimalToString } from './java/decimals'

export function toPlain(value: JavaValue): unknown {
  if (Array.isArray(value)) return (value as readonly JavaValue[]).map(toPlain)
  if (typeof value === 'bigint') return Number(value)
  if (typeof value !== 'object' || value === null) return value
  if (value instanceof JavaDouble || value instanceof JavaBigInteger || value instanceof JavaCharacter) {
    return value.value
  }
  if (value instanceof JavaBigDecimal) return { '@class': 'math.BigDec', value: decimalToString(value) }
  if (value instanceof JavaMap) return new Map(value.entries.map(([key, of]) => [toPlain(key), toPlain(of)]))
  if (value instanceof JsonObject) return objectOf(value.members, value.className)
  if (value instanceof JavaObject) return objectOf(value.members, value.className)
  return value
}

function objectOf(members: ReadonlyMap<string, JavaValue>, className: string | undefined): object {
  const plain = [...members].map(([name, value]) => [name, toPlain(value)] as const)
  return Object.fromEntries(className === undefined ? plain : [['@class', className], ...plain])
}
