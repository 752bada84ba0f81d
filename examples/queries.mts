// Work that the servers do where the data is: filters, order, processors and aggregators.
import { Aggregators, Comparators, type Filter, Filters, Processors, Session } from 'coherence-ts'

interface Product {
  name: string
  category: 'fruit' | 'vegetable'
  cents: number
  stock: number
}

await using session = await Session.create()
const products = await session.getMap<string, Product>('example-products')
await products.setAll([
  ['A1', { name: 'Apple', category: 'fruit', cents: 50, stock: 120 }],
  ['B2', { name: 'Banana', category: 'fruit', cents: 30, stock: 0 }],
  ['C3', { name: 'Carrot', category: 'vegetable', cents: 20, stock: 300 }],
  ['D4', { name: 'Date', category: 'fruit', cents: 90, stock: 15 }],
])
await products.addIndex('category')

const fruit: Filter<Product> = Filters.equal('category', 'fruit')
const cheapestFirst = await products
  .values({ filter: Filters.all(fruit, Filters.greater('stock', 0)), comparator: Comparators.by('cents') })
  .toArray()
console.log(cheapestFirst.map(({ name, cents }) => `${name} ${cents}`))

const raised = await products.invokeAll(Processors.increment('cents', 5), { filter: fruit })
console.log([...raised].sort())

console.log(await products.aggregate(Aggregators.sum('stock')))
const stock = await products.aggregate(Aggregators.groupBy('category', Aggregators.sum('stock')))
console.log([...stock].sort())

await products.destroy()
