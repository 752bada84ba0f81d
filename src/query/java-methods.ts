// Extractors that call methods of the Java object that a value is on the server. Every Java object has toString(),
// hashCode() and equals(), so that those never fail.
import type { AnyQuery } from './query'
import { serverObject } from './server-object'

/** What the method `name` answers; `null` for null. */
export function method(name: string, ...params: readonly unknown[]): AnyQuery {
  return serverObject('extractor.UniversalExtractor', {
    name: `${name}()`,
    params: params.length === 0 ? undefined : Object.freeze([...params]),
  })
}

/** Extracts with each of `steps` from what the one before it gave; `null` where one of them gives null. */
export function chain(...steps: readonly AnyQuery[]): AnyQuery {
  const [first] = steps
  if (steps.length === 1 && first !== undefined) return first
  return serverObject('extractor.ChainedExtractor', { extractors: Object.freeze([...steps]) })
}
