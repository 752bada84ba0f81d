// Processors and aggregators carry the type of their result, and are checked like filters.
import {
  type Aggregator,
  Aggregators,
  Comparators,
  Extractors,
  Filters,
  type Processor,
  Processors,
} from '../../src/index'
import { anything, gives, numbers, people, shapes, stock, type Person, type Shape } from './query-maps'

declare const ann: Person

// Processors.
gives<number>()(people.invoke(1, Processors.increment('age', 1)), true)
gives<number>()(people.invoke(1, Processors.increment('address.zip', 1, { returnOld: true })), true)
gives<number>()(people.invoke(1, Processors.multiply('boss.age', 2)), true)
gives<number>()(anything.invoke(1, Processors.increment('a.b', 1)), true)
gives<number>()(stock.invoke('x', Processors.increment('apples', 1)), true)
gives<boolean>()(people.invoke(1, Processors.update('address.city', 'Boston')), true)
gives<string | null>()(people.invoke(1, Processors.extract('address.city')), true)
gives<number | null>()(people.invoke(1, Processors.extract(Extractors.extract('address.zip'))), true)
gives<number | null>()(numbers.invoke('x', Processors.extract(Extractors.identity())), true)
gives<unknown>()(anything.invoke(1, Processors.extract('a.b')), true)
gives<Person | null>()(people.invoke(1, Processors.conditionalPut(Filters.equal('name', 'Ann'), ann)), true)
gives<Person | null>()(people.invoke(1, Processors.conditionalRemove(Filters.less('age', 1))), true)
gives<number | null>()(
  people.invoke(1, Processors.when(Filters.less('age', 1), Processors.increment('age', 1))),
  true,
)
gives<[number, boolean, string | null]>()(
  people.invoke(
    1,
    Processors.all(
      Processors.increment('age', 1),
      Processors.update('name', 'Bo'),
      Processors.extract('name'),
    ),
  ),
  true,
)
gives<Map<number, number>>()(
  people.invokeAll(Processors.increment('age', 1), { filter: Filters.equal('address.city', 'Boston') }),
  true,
)
gives<Map<number, number>>()(people.invokeAll(Processors.increment('age', 1), { keys: [1, 2] }), true)
gives<string>()(people.invoke(1, Processors.custom<Person, string>('com.acme.Rename', { to: 'Bo' })), true)
gives<unknown>()(people.invoke(1, Processors.custom('com.acme.Rename')), true)

// @ts-expect-error no such member
void people.invoke(1, Processors.increment('aeg', 1))
// @ts-expect-error not a number
void people.invoke(1, Processors.increment('name', 1))
// @ts-expect-error the server cannot add to a bigint
void people.invoke(1, Processors.increment('serial', 1))
// @ts-expect-error by a number
void people.invoke(1, Processors.increment('age', 1n))
// @ts-expect-error a number is no string
void people.invoke(1, Processors.update('address.city', 1))
// @ts-expect-error null is no string
void people.invoke(1, Processors.update('address.city', null))
// @ts-expect-error no such member
void people.invoke(1, Processors.extract('nme'))
// @ts-expect-error not a person
void people.invoke(1, Processors.conditionalPut(Filters.always(), { id: 1 }))
// @ts-expect-error no such member
void people.invoke(1, Processors.conditionalPut(Filters.equal('nme', 'Ann'), ann))
// @ts-expect-error no such member
void people.invoke(1, Processors.when(Filters.always(), Processors.increment('aeg', 1)))
// @ts-expect-error no such member
void people.invoke(1, Processors.all(Processors.increment('age', 1), Processors.increment('aeg', 1)))
// @ts-expect-error no such member
void people.invokeAll(Processors.increment('age', 1), { filter: Filters.equal('nme', 'Ann') })
// @ts-expect-error a processor of people
void numbers.invoke('x', Processors.increment<Person>('age', 1))
// @ts-expect-error an aggregator is no processor
void people.invoke(1, Aggregators.count())

// Aggregators.
gives<number>()(people.aggregate(Aggregators.count()), true)
gives<number | undefined>()(people.aggregate(Aggregators.sum('age')), true)
gives<number | undefined>()(people.aggregate(Aggregators.sum('serial')), true)
gives<number | undefined>()(people.aggregate(Aggregators.average('address.zip')), true)
gives<number | undefined>()(numbers.aggregate(Aggregators.sum(Extractors.identity())), true)
gives<string | undefined>()(people.aggregate(Aggregators.max('name')), true)
gives<number | undefined>()(people.aggregate(Aggregators.min('address.zip')), true)
gives<number | undefined>()(people.aggregate(Aggregators.min(Extractors.extract('address.zip'))), true)
gives<('active' | 'retired')[]>()(people.aggregate(Aggregators.distinct('status')), true)
gives<number[]>()(people.aggregate(Aggregators.distinct('address.zip')), true)
gives<Person[]>()(people.aggregate(Aggregators.top(3, Comparators.by('age'))), true)
gives<[number, number | undefined]>()(
  people.aggregate(Aggregators.all(Aggregators.count(), Aggregators.sum('age'))),
  true,
)
gives<number>()(
  people.aggregate(Aggregators.count(), { filter: Filters.equal('address.city', 'Boston') }),
  true,
)
gives<bigint>()(people.aggregate(Aggregators.custom<Person, bigint>('com.acme.Sum')), true)
gives<unknown>()(people.aggregate(Aggregators.custom('com.acme.Sum')), true)

// Groups.
gives<Map<string, number>>()(people.aggregate(Aggregators.groupBy('address.city', Aggregators.count())), true)
gives<Map<number | null, number | undefined>>()(
  people.aggregate(
    Aggregators.groupBy('address.zip', Aggregators.sum('age'), Filters.greater(Extractors.identity(), 10)),
  ),
  true,
)
gives<Map<string | null, string | undefined>>()(
  people.aggregate(Aggregators.groupBy('boss.name', Aggregators.max('name'))),
  true,
)
gives<Map<number | null, Map<'circle' | 'square', number>>>()(
  shapes.aggregate(Aggregators.groupBy('radius', Aggregators.groupBy('kind', Aggregators.count()))),
  true,
)
gives<Map<number | null, number>>()(stock.aggregate(Aggregators.groupBy('apples', Aggregators.count())), true)
gives<Map<unknown, number | undefined>>()(
  anything.aggregate(Aggregators.groupBy('a.b', Aggregators.sum('c.d'))),
  true,
)
gives<Map<[string, number], number>>()(
  people.aggregate(
    Aggregators.groupBy(
      Extractors.all(Extractors.extract('name'), Extractors.extract('age')),
      Aggregators.count(),
    ),
  ),
  true,
)

// @ts-expect-error not a number
void people.aggregate(Aggregators.sum('name'))
// @ts-expect-error no such member
void people.aggregate(Aggregators.max('nme'))
// @ts-expect-error no such member
void people.aggregate(Aggregators.distinct('nme'))
// @ts-expect-error no such member
void people.aggregate(Aggregators.groupBy('nme', Aggregators.count()))
// @ts-expect-error not a number
void people.aggregate(Aggregators.groupBy('name', Aggregators.sum('name')))
void people.aggregate(
  // @ts-expect-error a string is no number
  Aggregators.groupBy('id', Aggregators.count(), Filters.less(Extractors.identity(), '1')),
)
// @ts-expect-error no such member
void people.aggregate(Aggregators.all(Aggregators.count(), Aggregators.sum('aeg')))
// @ts-expect-error no such member
void people.aggregate(Aggregators.top(3, Comparators.by('aeg')))
// @ts-expect-error no such member
void people.aggregate(Aggregators.count(), { filter: Filters.equal('nme', 'Ann') })
// @ts-expect-error a processor is no aggregator
void people.aggregate(Processors.extract('name'))

// They can be made before they are used.
const ageOne: Processor<Person, number> = Processors.increment('age', 1)
const byName: Aggregator<Person, Map<string, number>> = Aggregators.groupBy('name', Aggregators.count())
const oldest = Aggregators.max<Person, 'age'>('age')
gives<number>()(people.invoke(1, ageOne), true)
gives<Map<string, number>>()(people.aggregate(byName), true)
gives<number | undefined>()(people.aggregate(oldest), true)
gives<Map<string, number | undefined>>()(people.aggregate(Aggregators.groupBy('name', oldest)), true)
// @ts-expect-error an aggregator of people
void numbers.aggregate(oldest)
declare const shape: Shape
gives<Shape | null>()(
  shapes.invoke('x', Processors.conditionalPut(Filters.not(Filters.present()), shape)),
  true,
)
