// Filters, extractors and comparators: paths and values are checked against the type of the map they are used on.
import { type At, Comparators, Extractors, type Filter, Filters, type Path } from '../../src/index'
import {
  anything,
  branches,
  documents,
  numbers,
  people,
  shapes,
  stock,
  wide,
  type Person,
} from './query-maps'

// The type of the map decides which paths and values there are.
people.entries({ filter: Filters.equal('address.city', 'Boston') })
people.entries({ filter: Filters.notEqual('name', 'Ann') })
people.entries({ filter: Filters.greater('age', 20) })
people.entries({ filter: Filters.greaterEqual('serial', 20n) })
people.entries({ filter: Filters.less('name', 'm') })
people.entries({ filter: Filters.lessEqual('address.zip', 9) })
people.entries({ filter: Filters.between('age', 20, 30, { includeUpper: false }) })
people.entries({ filter: Filters.like('name', 'A%', { escape: '\\', ignoreCase: true }) })
people.entries({ filter: Filters.regex('name', 'A.*') })
people.entries({ filter: Filters.in('status', ['active']) })
people.entries({ filter: Filters.in('id', new Set([1, 2])) })
people.entries({ filter: Filters.isNull('boss') })
people.entries({ filter: Filters.isNotNull('nickname') })
people.entries({ filter: Filters.contains('tags', 'a') })
people.entries({ filter: Filters.containsAll('tags', ['a']) })
people.entries({ filter: Filters.containsAny('boss.tags', ['a']) })
people.entries({ filter: Filters.equal('address', { city: 'Boston' }) })
people.entries({ filter: Filters.equal('status', 'active') })
people.entries({ filter: Filters.equal('extra', 3) })
people.entries({ filter: Filters.equal('extra.deep.down', 3) })
people.entries({ comparator: Comparators.by('address.city') })
people.entries({ comparator: Comparators.reversed(Comparators.by('boss.name')) })
people.entries({
  comparator: Comparators.chained(Comparators.by('name'), Comparators.reversed(Comparators.by('age'))),
})

// @ts-expect-error no such member
people.entries({ filter: Filters.equal('adress.city', 'Boston') })
// @ts-expect-error no such member
people.entries({ filter: Filters.equal('address.town', 'Boston') })
// @ts-expect-error a number is no string
people.entries({ filter: Filters.equal('address.city', 1) })
// @ts-expect-error a string is no number
people.entries({ filter: Filters.equal('id', 'Boston') })
// @ts-expect-error a string is no number
people.entries({ filter: Filters.greater('age', '20') })
// @ts-expect-error a number is no bigint
people.entries({ filter: Filters.greater('serial', 20) })
// @ts-expect-error not one of the values of the member
people.entries({ filter: Filters.equal('status', 'dead') })
// @ts-expect-error the second bound is no number
people.entries({ filter: Filters.between('age', 20, '30') })
// @ts-expect-error not one of the values of the member
people.entries({ filter: Filters.in('status', ['dead']) })
// @ts-expect-error the elements are strings
people.entries({ filter: Filters.contains('tags', 1) })
// @ts-expect-error not an array
people.entries({ filter: Filters.contains('name', 'a') })
// @ts-expect-error undefined is no value
people.entries({ filter: Filters.equal('nickname', undefined) })
// @ts-expect-error nothing is greater than null
people.entries({ filter: Filters.greater('email', null) })
// @ts-expect-error an empty path
people.entries({ filter: Filters.equal('', 1) })
// @ts-expect-error an array ends a path
people.entries({ filter: Filters.equal('tags.length', 1) })
// @ts-expect-error an array ends a path
people.entries({ filter: Filters.equal('scores.at', 1) })
// @ts-expect-error text ends a path
people.entries({ filter: Filters.equal('name.length', 1) })
// @ts-expect-error a method is no member of stored data
people.entries({ filter: Filters.equal('greet', null) })
// @ts-expect-error a name with a dot would be read as two names
people.entries({ filter: Filters.equal('last.seen', 'x') })
// @ts-expect-error no such member
people.entries({ comparator: Comparators.by('nme') })
// @ts-expect-error no such member
people.entries({ comparator: Comparators.reversed(Comparators.by('nme')) })

// What may be missing is compared with null, and with its values where there are some.
people.entries({ filter: Filters.equal('nickname', null) })
people.entries({ filter: Filters.equal('nickname', 'Bo') })
people.entries({ filter: Filters.equal('email', null) })
people.entries({ filter: Filters.in('address.zip', [1, null]) })
people.entries({ filter: Filters.equal('boss.boss.address.city', 'Boston') })

// Filters within filters are checked too.
people.entries({ filter: Filters.all(Filters.equal('address.city', 'Boston'), Filters.greater('age', 20)) })
people.entries({ filter: Filters.any(Filters.always(), Filters.not(Filters.equal('name', 'Ann'))) })
people.entries({ filter: Filters.all() })
people.entries({ filter: Filters.all(...[1, 2].map((id) => Filters.equal<Person, 'id'>('id', id))) })
// @ts-expect-error no such member
people.entries({ filter: Filters.all(Filters.equal('name', 'Ann'), Filters.equal('nme', 'Ann')) })
// @ts-expect-error no such member
people.entries({ filter: Filters.any(Filters.always(), Filters.equal('nme', 'Ann')) })
// @ts-expect-error a string is no number
people.entries({ filter: Filters.not(Filters.all(Filters.equal('age', '20'))) })
// @ts-expect-error a string is no number
people.entries({ filter: Filters.any(Filters.not(Filters.any(Filters.greater('age', '20')))) })

// Extractors stand where paths do.
people.entries({ filter: Filters.equal(Extractors.extract('address.city'), 'Boston') })
people.entries({ filter: Filters.greater(Extractors.key(), 5) })
people.entries({
  filter: Filters.equal(Extractors.all(Extractors.extract('name'), Extractors.extract('age')), ['Ann', 2]),
})
people.entries({ filter: Filters.contains(Extractors.extract('tags'), 'a') })
people.entries({ filter: Filters.equal(Extractors.custom<Person, string>('com.acme.Name'), 'Ann') })
people.entries({ comparator: Comparators.by(Extractors.extract('name')) })
numbers.entries({
  filter: Filters.greater(Extractors.identity(), 5),
  comparator: Comparators.by(Extractors.identity()),
})
// @ts-expect-error no such member
people.entries({ filter: Filters.equal(Extractors.extract('address.town'), 'Boston') })
// @ts-expect-error a number is no string
people.entries({ filter: Filters.equal(Extractors.extract('address.city'), 1) })
// @ts-expect-error a number is no string
people.entries({ filter: Filters.not(Filters.all(Filters.equal(Extractors.extract('address.city'), 1))) })
// @ts-expect-error a string is no number
people.entries({ filter: Filters.equal(Extractors.custom<Person, number>('com.acme.Age'), 'Ann') })
// @ts-expect-error a string is no number
numbers.entries({ filter: Filters.greater(Extractors.identity(), '5') })
// @ts-expect-error a number has no members
numbers.entries({ filter: Filters.greater('value', 5) })
// @ts-expect-error no such member
people.entries({ comparator: Comparators.by(Extractors.extract('nme')) })

// Where the type of the values is not known, any path and any value will do.
anything.entries({ filter: Filters.equal('a.b', 3), comparator: Comparators.by('whatever') })
anything.entries({
  filter: Filters.all(Filters.equal('a.b', 'c'), Filters.greater('d', 5), Filters.in('e', [1, 'f'])),
})
anything.entries({ filter: Filters.contains('a', 3) })
// @ts-expect-error undefined is no value
anything.entries({ filter: Filters.greater('a', undefined) })

// Unions have the members of each of their types.
shapes.entries({ filter: Filters.equal('kind', 'circle') })
shapes.entries({ filter: Filters.all(Filters.greater('radius', 3), Filters.equal('name', 'x')) })
// @ts-expect-error no kind of shape
shapes.entries({ filter: Filters.equal('kind', 'triangle') })
// @ts-expect-error no shape has it
shapes.entries({ filter: Filters.greater('diameter', 3) })

// Maps of names have any member, and types that contain themselves have an end.
stock.entries({ filter: Filters.greater('apples', 3) })
branches.entries({ filter: Filters.greater('left.right.left.right.weight', 3) })
branches.entries({ filter: Filters.greater('left.right.left.right.left.right.weight', 3) })
branches.entries({ filter: Filters.greater('children.oak.weight', 3) })
documents.entries({ filter: Filters.equal('title.de', 'x') })
// @ts-expect-error a string is no number
stock.entries({ filter: Filters.greater('apples', 'x') })
// @ts-expect-error no such member
branches.entries({ filter: Filters.greater('left.right.wait', 3) })
// @ts-expect-error a string is no number
branches.entries({ filter: Filters.greater('left.right.left.right.left.right.weight', 'x') })
// @ts-expect-error no such member
branches.entries({ filter: Filters.isNull('left.right.left.right.left.right.wait') })
// @ts-expect-error no such member
branches.entries({ comparator: Comparators.by('left.right.left.right.left.right.wait') })
wide.entries({ filter: Filters.equal('a.b.c.d.e.f.first', 3) })
// @ts-expect-error no such member
wide.entries({ filter: Filters.equal('a.b.c.d.e.f.furst', 3) })

// A filter can be made before it is used.
const adults: Filter<Person> = Filters.greaterEqual('age', 18)
const named = Filters.equal<Person, 'name'>('name', 'Ann')
const loose = Filters.equal('whatever.you', 3)
people.entries({ filter: Filters.all(adults, named, loose) })
const both = Filters.all(adults, named)
people.entries({ filter: both })
// @ts-expect-error a filter of people
numbers.entries({ filter: named })
// @ts-expect-error a filter of people
numbers.entries({ filter: both })

// The kinds of query are told apart, and from plain objects.
people.entries({
  filter: Filters.custom('com.acme.Adults', { age: 18 }),
  comparator: Comparators.custom('com.acme.ByAge'),
})
// @ts-expect-error a comparator is no filter
people.entries({ filter: Comparators.by('name') })
// @ts-expect-error an extractor is no comparator
people.entries({ comparator: Extractors.extract('name') })
// @ts-expect-error a plain object is no filter
people.entries({ filter: { '@class': 'filter.AlwaysFilter' } })
// @ts-expect-error queries do not change
adults['@class'] = 'filter.NeverFilter'

// The types behind it can be used by themselves.
const path: Path<Person> = 'address.zip'
const city: At<Person, 'address.city'> = 'Boston'
const numeric: Path<Person, number> = 'boss.age'
// @ts-expect-error not a number
const text: Path<Person, number> = 'name'
// @ts-expect-error leads nowhere
const nowhere: At<Person, 'address.town'> = 'Boston'
export const typed = [path, city, numeric, text, nowhere]
