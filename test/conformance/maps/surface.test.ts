// The form of the API: what looks like a value is one, what takes time returns a promise.
import { describeMaps } from '../../support/maps'

const RESULTS = ['keys', 'values', 'entries']
const AT_ONCE = ['constructor', 'on', 'once', 'off', 'events', ...RESULTS]

/** Arguments that every method accepts, in its order. */
const ARGUMENTS: Readonly<Record<string, readonly unknown[]>> = {
  getAll: [['key']],
  setAll: [[['key', 1]]],
  setIfAbsent: ['key', 1],
  getOrDefault: ['key', 1],
  replace: ['key', 1],
  replaceMapping: ['key', 1, 2],
  set: ['key', 1],
  removeMapping: ['key', 1],
  hasEntry: ['key', 1],
  forEach: [(): undefined => undefined],
  isEmpty: [],
  isReady: [],
  size: [],
  clear: [],
  truncate: [],
}

function membersOf(map: object): [name: string, descriptor: PropertyDescriptor][] {
  const members: [string, PropertyDescriptor][] = []
  let proto = Object.getPrototypeOf(map) as object
  while (proto !== Object.prototype) {
    members.push(...Object.entries(Object.getOwnPropertyDescriptors(proto)))
    proto = Object.getPrototypeOf(proto) as object
  }
  return members
}

function methodsOf(map: object): Set<string> {
  const methods = membersOf(map).filter(([, descriptor]) => typeof descriptor.value === 'function')
  return new Set(methods.map(([name]) => name))
}

function gettersOf(map: object): string[] {
  return membersOf(map).flatMap(([name, descriptor]) => ('get' in descriptor ? [name] : []))
}

describeMaps('a map', (open) => {
  it('has no getter that asks the server', async () => {
    const map = await open<string, number>()
    const values = gettersOf(map).map((name) => [name, Reflect.get(map, name) as unknown])
    expect(Object.fromEntries(values)).toEqual({ name: map.name, isActive: true })
  })

  it('has methods that return promises, which never throw at once', async () => {
    const map = await open<string, number>()
    const wrong: string[] = []
    for (const name of methodsOf(map)) {
      if (AT_ONCE.includes(name) || name === 'release' || name === 'destroy') continue
      const method = Reflect.get(map, name) as (...args: unknown[]) => unknown
      const returned = method.apply(map, [...(ARGUMENTS[name] ?? ['key'])])
      if (!(returned instanceof Promise)) wrong.push(name)
      else await returned.catch(() => undefined)
    }
    expect(wrong).toEqual([])
  })

  it('has results that are iterable and can be made an array', async () => {
    const map = await open([['a', 1]])
    for (const name of RESULTS) {
      const results = (Reflect.get(map, name) as () => object).call(map)
      expect(typeof Reflect.get(results, Symbol.asyncIterator)).toBe('function')
      expect(await (Reflect.get(results, 'toArray') as () => Promise<unknown[]>).call(results)).toHaveLength(
        1,
      )
    }
  })
})
