// The search for the vectors that are nearest to one.
import { JavaException } from '../java/java-exception'
import { JavaDouble, JavaObject, type JavaValue } from '../java/java-value'
import { integerMember, isList, member, nullPointer, unreadable } from './agents'
import type { Aggregator } from './aggregator'
import { extractorMember } from './extractors'
import { optionalFilterMember } from './filters'
import { isNumber, toDouble } from './numbers'

type Vector = readonly number[]
type Distance = (a: Vector, b: Vector) => number

/** The server expects normalized vectors, and measures the angle by the product alone. */
const DISTANCES: Readonly<Record<string, Distance>> = {
  'ai.distance.CosineSimilarity': (a, b) => 1 - innerProduct(a, b),
  'ai.distance.InnerProductSimilarity': (a, b) => 1 - innerProduct(a, b),
  'ai.distance.L2SquaredDistance': (a, b) =>
    a.reduce((sum, coordinate, index) => sum + (coordinate - (b[index] ?? 0)) ** 2, 0),
}
const NO_ALGORITHM =
  'Cannot invoke "com.oracle.coherence.ai.DistanceAlgorithm.distance(com.oracle.coherence.ai.Vector, ' +
  'com.oracle.coherence.ai.Vector)" because "this.m_algorithm" is null'
const DEFAULT = 'ai.distance.CosineSimilarity'

export function similarity(agent: JavaObject): Aggregator {
  const extractor = extractorMember(agent)
  const filter = optionalFilterMember(agent)
  const distance = distanceOf(agent)
  const sought = vectorOf(member(agent, 'vector'))
  const limit = integerMember(agent, 'maxResults')
  return {
    aggregate: (entries) => {
      if (distance === undefined) {
        throw nullPointer(NO_ALGORITHM)
      }
      return entries
        .filter((entry) => filter === undefined || filter.accepts(entry))
        .flatMap((entry) => {
          const vector = vectorOf(extractor.extract(entry))
          return vector === undefined ? [] : [{ entry, distance: measured(distance, sought, vector) }]
        })
        .sort((a, b) => a.distance - b.distance)
        .slice(0, limit)
        .map(({ entry, distance: found }) => {
          const members = { distance: new JavaDouble(found), key: entry.key, value: entry.value }
          return new JavaObject('ai.results.QueryResult', new Map(Object.entries(members)))
        })
    },
  }
}

/** `undefined` where the client sent null. */
function distanceOf(agent: JavaObject): Distance | undefined {
  const algorithm = agent.members.get('algorithm')
  if (algorithm === undefined) return DISTANCES[DEFAULT]
  if (algorithm === null) return undefined
  const className = algorithm instanceof JavaObject ? algorithm.className : ''
  if (!Object.hasOwn(DISTANCES, className)) throw unreadable()
  return DISTANCES[className]
}

function measured(distance: Distance, sought: Vector | undefined, vector: Vector): number {
  if (sought?.length === vector.length) return distance(sought, vector)
  throw new JavaException('java.lang.IllegalArgumentException', 'Vectors have different dimensions')
}

/** The numbers of a vector of floats or bytes; `undefined` where there is none. */
function vectorOf(value: JavaValue): Vector | undefined {
  if (!(value instanceof JavaObject)) return undefined
  const array = member(value, 'array')
  if (typeof array === 'string') return [...new Int8Array(Buffer.from(array, 'base64'))]
  return isList(array) ? array.map((one) => Math.fround(isNumber(one) ? toDouble(one) : 0)) : undefined
}

function innerProduct(a: Vector, b: Vector): number {
  return a.reduce((sum, coordinate, index) => sum + coordinate * (b[index] ?? 0), 0)
}
