// A tour of the library: stores a small shop in a Coherence server, sells something, and asks the server about it. With
// `--real` it starts a server that Java runs.
import { randomUUID } from 'node:crypto'
import { Aggregators, Comparators, Filters, type NamedMap, Processors, Session } from 'coherence-ts'
import { demoServer, NoDemoServerError } from '../demo-server'
import { textTable } from '../text-table'
import { euros, ORDERS, PRODUCTS, type Order, type Product } from './shop'

async function main(): Promise<void> {
  await using server = await demoServer(process.argv.includes('--real'), console.log)
  await using session = await Session.create({ address: server.address })
  console.log(`Connected to ${server.description} (${server.address})\n`)

  // Names of its own, so that nothing on a server somebody else uses is touched.
  const run = randomUUID().slice(0, 8)
  const products = await session.getMap<string, Product>(`demo-products-${run}`)
  const orders = await session.getMap<number, Order>(`demo-orders-${run}`)
  const reservations = await session.getCache<string, Order>(`demo-reservations-${run}`)
  try {
    await products.setAll(PRODUCTS)
    await sell(products, orders)
    await printStock(products)
    await printSales(products, orders)
    await printQuestions(products)

    await reservations.set('C-100', { customer: 'Dana', product: 'C-100', quantity: 4 }, { ttlSeconds: 0.3 })
    console.log(`Reservations that expire after 0.3 s: ${await reservations.size()}`)
    while ((await reservations.get('C-100')) !== undefined);
    console.log(`A little later:                       ${await reservations.size()}`)
  } finally {
    for (const map of [products, orders, reservations]) await map.destroy()
  }
}

/** The stock is counted down on the server, where the product is: two sellers at once do not lose a sale. */
async function sell(products: NamedMap<string, Product>, orders: NamedMap<number, Order>): Promise<void> {
  for (const [id, order] of ORDERS) {
    await products.invoke(order.product, Processors.increment('stock', -order.quantity))
    await orders.set(id, order)
  }
}

async function printStock(products: NamedMap<string, Product>): Promise<void> {
  const sorted = products.entries({ comparator: Comparators.by('cents') })
  const rows: (string | number)[][] = []
  for await (const [id, { name, category, cents, stock }] of sorted) {
    rows.push([id, name, category, euros(cents), stock])
  }
  console.log(`${textTable(['product', 'name', 'category', 'EUR', 'stock'], rows)}\n`)
}

async function printSales(
  products: NamedMap<string, Product>,
  orders: NamedMap<number, Order>,
): Promise<void> {
  const sold = (await orders.entries().toArray()).sort(([a], [b]) => a - b)
  const known = await products.getAll(sold.map(([, { product }]) => product))
  const rows = sold.map(([id, { customer, product, quantity }]) => {
    const { name, cents } = known.get(product) ?? { name: 'no longer sold', cents: 0 }
    return [id, customer, quantity, name, euros(quantity * cents)]
  })
  console.log(`${textTable(['order', 'customer', 'quantity', 'name', 'EUR'], rows)}\n`)
}

async function printQuestions(products: NamedMap<string, Product>): Promise<void> {
  const scarce = await products.keys({ filter: Filters.less('stock', 6) }).toArray()
  const stock = await products.aggregate(Aggregators.groupBy('category', Aggregators.sum('stock')))
  console.log(`Products to order again: ${scarce.sort().join(', ')}`)
  console.log(
    `Stock by category:       ${[...stock]
      .sort()
      .map(([name, sum]) => `${name} ${sum}`)
      .join(', ')}\n`,
  )
}

main().catch((error: unknown) => {
  console.error(error instanceof NoDemoServerError ? error.message : error)
  process.exitCode = 1
})
