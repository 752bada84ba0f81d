// Extractors that call methods of a value's Java object on the server. toString(), hashCode() and equals() never fail,
// because every Java object has them.
import type { AnyQuery } from './query'
import { serverObject } from './server-object'

/** Extracts what the method `name` returns; `null` from null. */
export function method(name: string, ...params: readonly unknown[]): AnyQuery {
  return serverObject('extractor.UniversalExtractor', {
    name: `${name}()`,
    params: params.length === 0 ? undefined : Object.freeze([...params]),
  })
}

/** Applies each of `steps` to what the step before it extracted. If a step extracts `null`, the result is `null`. */
export function chain(...steps: readonly AnyQuery[]): AnyQuery {
  const [first] = steps
  if (steps.length === 1 && first !== undefined) return first
  return serverObject('extractor.ChainedExtractor', { extractors: Object.freeze([...steps]) })
}
