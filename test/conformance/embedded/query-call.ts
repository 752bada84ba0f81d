// A query as the call that makes it: it can be counted, printed as code, and made anew for each server.
import { inspect } from 'node:util'
import { Aggregators, Comparators, Extractors, Filters, Processors } from 'coherence-ts'

export const NAMESPACES = { Filters, Extractors, Comparators, Processors, Aggregators } as const

export type NamespaceName = keyof typeof NAMESPACES

type AnyFunction = (...args: readonly unknown[]) => unknown

export class QueryCall {
  constructor(
    readonly namespace: NamespaceName,
    readonly name: string,
    readonly args: readonly unknown[],
  ) {}

  /** Such as `Filters.equal`. */
  get functionName(): string {
    return `${this.namespace}.${this.name}`
  }

  /** Makes the query. */
  make(): unknown {
    const functions = NAMESPACES[this.namespace] as unknown as Readonly<Record<string, AnyFunction>>
    const make = functions[this.name]
    if (make === undefined) throw new Error(`There is no ${this.functionName}`)
    return make(...this.args.map(made))
  }
}

/** The names of all functions that make queries. */
export function functionNames(): string[] {
  return Object.entries(NAMESPACES).flatMap(([namespace, functions]) =>
    Object.keys(functions).map((name) => `${namespace}.${name}`),
  )
}

/** A copy of an argument, with a query in the place of each call. */
export function made(argument: unknown): unknown {
  if (argument instanceof QueryCall) return argument.make()
  if (Array.isArray(argument)) return argument.map(made)
  if (!isPlain(argument)) return argument
  return Object.fromEntries(Object.entries(argument).map(([name, value]) => [name, made(value)]))
}

/** All calls within an argument. */
export function callsIn(argument: unknown): QueryCall[] {
  if (argument instanceof QueryCall) return [argument, ...argument.args.flatMap(callsIn)]
  if (Array.isArray(argument)) return argument.flatMap(callsIn)
  return isPlain(argument) ? Object.values(argument).flatMap(callsIn) : []
}

/** An argument as code. */
export function printed(argument: unknown): string {
  if (argument instanceof QueryCall) {
    return `${argument.functionName}(${argument.args.map(printed).join(', ')})`
  }
  if (Array.isArray(argument)) return `[${argument.map(printed).join(', ')}]`
  if (!isPlain(argument)) return inspect(argument, { breakLength: Infinity })
  const members = Object.entries(argument).map(
    ([name, value]) => `${JSON.stringify(name)}: ${printed(value)}`,
  )
  return `{ ${members.join(', ')} }`
}

function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
}
