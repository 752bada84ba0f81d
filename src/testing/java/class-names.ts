// The names of the Java classes of values, and what the JVM says of a value of the wrong class.
import { JavaException } from './java-exception'
import type { JavaValue } from './java-value'
import {
  JavaBigDecimal,
  JavaBigInteger,
  JavaCharacter,
  JavaDouble,
  JavaMap,
  JavaObject,
  JsonObject,
} from './java-value'

const FAMILY = /^(?:filter|extractor|comparator|processor|aggregator)\./
/** The packages of which the names of classes on the wire leave out the beginning. */
const PACKAGES: readonly (readonly [prefix: RegExp, java: string])[] = [
  [FAMILY, 'com.tangosol.util.'],
  [/^ai\./, 'com.oracle.coherence.'],
  [/^common\.base\./, 'com.oracle.coherence.'],
  [/^(?:util|net|internal|config|coherence)\./, 'com.tangosol.'],
]
const IRREGULAR: Readonly<Record<string, string>> = {
  'ai.distance.CosineSimilarity': 'com.oracle.coherence.ai.distance.CosineDistance',
  'ai.distance.InnerProductSimilarity': 'com.oracle.coherence.ai.distance.InnerProductDistance',
  'ai.distance.L2SquaredDistance': 'com.oracle.coherence.ai.distance.L2SquaredDistance',
  'ai.search.SimilarityAggregator': 'com.oracle.coherence.ai.search.SimilaritySearch',
  'ai.results.QueryResult': 'com.oracle.coherence.ai.search.SimpleQueryResult',
  'util.NullEntryProcessor': 'com.tangosol.util.NullImplementation$NullEntryProcessor',
}
/** A class within a class. */
const INNER = /\.([A-Z]\w*)\.(?=[A-Z])/g

/** The class of the objects that stand for classes. */
export const CLASS = 'java.lang.Class'

/** The object that stands for the class of a value. */
export function classOf(value: JavaValue): JavaObject {
  return new JavaObject(CLASS, new Map([['name', classNameOf(value)]]))
}

/** The name of the Java class of a value, such as `java.lang.Integer`. `null` has none. */
export function classNameOf(value: JavaValue): string {
  if (typeof value === 'string') return 'java.lang.String'
  if (typeof value === 'number') return 'java.lang.Integer'
  if (typeof value === 'bigint') return 'java.lang.Long'
  if (typeof value === 'boolean') return 'java.lang.Boolean'
  return value === null ? 'null' : classNameOfObject(value)
}

function classNameOfObject(value: JavaValue & object): string {
  if (value instanceof JavaDouble) return 'java.lang.Double'
  if (value instanceof JsonObject) return 'com.oracle.coherence.io.json.JsonObject'
  if (value instanceof JavaBigInteger) return 'java.math.BigInteger'
  if (value instanceof JavaBigDecimal) return 'java.math.BigDecimal'
  if (value instanceof JavaCharacter) return 'java.lang.Character'
  if (value instanceof JavaMap || value instanceof JavaObject) return javaName(value.className)
  return 'java.util.ArrayList'
}

/** The full name of a class by its name on the wire. */
export function javaName(name: string): string {
  const irregular = IRREGULAR[name]
  if (irregular !== undefined) return irregular
  const start = PACKAGES.find(([prefix]) => prefix.test(name))?.[1] ?? ''
  return start === '' ? name : (start + name).replace(INNER, '.$1$').replace(INNER, '.$1$')
}

export function isOfFamily(name: string): boolean {
  return FAMILY.test(name)
}

/** The ClassCastException of a cast, with the JVM's text. */
export function castFailure(from: string, to: string): JavaException {
  const places =
    isOfJava(from) && isOfJava(to)
      ? `${from} and ${to} are in module java.base of loader 'bootstrap'`
      : !isOfJava(from) && !isOfJava(to)
        ? `${from} and ${to} are in unnamed module of loader 'app'`
        : `${from} ${placeOf(from)}; ${to} ${placeOf(to)}`
  return new JavaException(
    'java.lang.ClassCastException',
    `class ${from} cannot be cast to class ${to} (${places})`,
  )
}

function isOfJava(name: string): boolean {
  return name.startsWith('java.')
}

function placeOf(name: string): string {
  return isOfJava(name)
    ? "is in module java.base of loader 'bootstrap'"
    : "is in unnamed module of loader 'app'"
}
