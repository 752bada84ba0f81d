// Queries of classes that only the caller knows.
import * as Aggregators from '../../../src/query/aggregators'
import * as Comparators from '../../../src/query/comparators'
import * as Extractors from '../../../src/query/extractors'
import * as Filters from '../../../src/query/filters'
import * as Processors from '../../../src/query/processors'
import { wrongArgument } from '../../support/wrong-argument'

const makers: Record<string, (className: string, members?: object) => object> = {
  Aggregators: Aggregators.custom,
  Comparators: Comparators.custom,
  Extractors: Extractors.custom,
  Filters: Filters.custom,
  Processors: Processors.custom,
}

describe.each(Object.entries(makers))('%s.custom', (name, custom) => {
  it('names the class first, whatever the members', () => {
    expect(JSON.stringify(custom('com.acme.Rule', { limit: 5, filter: Filters.always() }))).toBe(
      '{"@class":"com.acme.Rule","limit":5,"filter":{"@class":"filter.AlwaysFilter"}}',
    )
  })

  it('needs no members', () => {
    expect(custom('com.acme.Rule')).toEqual({ '@class': 'com.acme.Rule' })
  })

  it('leaves out members that are undefined, and keeps null', () => {
    expect(JSON.stringify(custom('com.acme.Rule', { a: undefined, b: null }))).toBe(
      '{"@class":"com.acme.Rule","b":null}',
    )
  })

  it('does not change when the members that were passed do', () => {
    const members = { limit: 5 }
    const made = custom('com.acme.Rule', members)
    members.limit = 6
    expect(made).toEqual({ '@class': 'com.acme.Rule', limit: 5 })
  })

  it('takes a member named __proto__ for a member', () => {
    const made = custom('com.acme.Rule', JSON.parse('{"__proto__":{"polluted":true}}') as object)
    expect(JSON.stringify(made)).toBe('{"@class":"com.acme.Rule","__proto__":{"polluted":true}}')
    expect(Object.getPrototypeOf(made)).toBe(Object.prototype)
  })

  it.each([
    ['', "''"],
    [undefined, 'undefined'],
    [5, '5'],
  ])('refuses %p as the class', (className, shown) => {
    expect(() => custom(className as string)).toThrow(
      wrongArgument(`${name}.custom got ${shown} as the class: `),
    )
  })

  it.each([
    [null, 'null'],
    [5, '5'],
    ['text', "'text'"],
    [[1], 'an array'],
  ])('refuses %p as the members', (members, shown) => {
    expect(() => custom('com.acme.Rule', members as never)).toThrow(
      wrongArgument(`${name}.custom got ${shown} as the members: `),
    )
  })

  it.each(['@class', '@version', '0', '17'])('refuses a member named %p', (member) => {
    expect(() => custom('com.acme.Rule', { [member]: 1 })).toThrow(
      new TypeError(
        `${name}.custom got a member named '${member}': pass the names of the class's fields; names that start ` +
          "with '@' or are integers would get between the server and '@class'",
      ),
    )
  })
})
