// Filters that are made of others. A query decides what it can of them without any entry, and asks the rest in an order of
// its own, which shows where one of the parts fails.
import { afterQuery, forQuery, type Filter } from './filter'

/** Asks first what is little work. */
export function allOf(parts: readonly Filter[]): Filter {
  return {
    ...every(parts),
    weight: Math.min(...parts.map(weightOf)),
    forQuery: () => {
      const rest = undecided(byWeight(parts), true)
      return typeof rest === 'boolean' ? rest : ofRest(rest, every)
    },
    afterQuery: () => every(byWeight(parts).map(afterQuery)),
  }
}

/** Asks first what is much work, and the last one of those that are as much. */
export function anyOf(parts: readonly Filter[]): Filter {
  return {
    ...some(parts),
    weight: Math.max(...parts.map(weightOf)),
    forQuery: () => {
      const rest = undecided(byWeight(parts).reverse(), false)
      return typeof rest === 'boolean' ? rest : ofRest(rest, some)
    },
    afterQuery: () => some(byWeight(parts).map(afterQuery)),
  }
}

export function notOf(part: Filter): Filter {
  return {
    ...none(part),
    weight: weightOf(part),
    forQuery: () => {
      const rest = forQuery(part)
      return typeof rest === 'boolean' ? !rest : none(rest)
    },
    afterQuery: () => none(afterQuery(part)),
  }
}

/** A query asks all of its parts, whatever they are. */
export function xorOf(parts: readonly Filter[]): Filter {
  return {
    accepts: (entry) => parts.map((part) => part.accepts(entry)).reduce((a, b) => a !== b),
    weight: parts.reduce((sum, part) => sum + weightOf(part), 0),
  }
}

function every(parts: readonly Filter[]): Filter {
  return { accepts: (entry) => parts.every((part) => part.accepts(entry)) }
}

function some(parts: readonly Filter[]): Filter {
  return { accepts: (entry) => parts.some((part) => part.accepts(entry)) }
}

function none(part: Filter): Filter {
  return { accepts: (entry) => !part.accepts(entry) }
}

function ofRest(rest: readonly Filter[], compose: (rest: readonly Filter[]) => Filter): Filter {
  const [first, ...others] = rest
  return first !== undefined && others.length === 0 ? first : compose(rest)
}

/** What is left of the parts without those that are `neutral`; the answer where one of them, or nothing, decides. */
function undecided(parts: readonly Filter[], neutral: boolean): boolean | readonly Filter[] {
  const rest: Filter[] = []
  for (const part of parts) {
    const own = forQuery(part)
    if (typeof own !== 'boolean') rest.push(own)
    else if (own !== neutral) return own
  }
  return rest.length === 0 ? neutral : rest
}

function byWeight(parts: readonly Filter[]): Filter[] {
  return [...parts].sort((a, b) => weightOf(a) - weightOf(b))
}

function weightOf({ weight = 1 }: Filter): number {
  return weight
}
