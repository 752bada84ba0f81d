// A test with the test runner of Node.js: a server that goes away and comes back.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Session } from 'coherence-ts'
import { EmbeddedCoherence } from 'coherence-ts/testing'

test('calls go on after the connection is lost', async (t) => {
  const server = await EmbeddedCoherence.start()
  const session = await Session.create({ address: server.address })
  t.after(() => session.close().then(() => server.stop()))

  const stock = await session.getMap('stock')
  await stock.set('apples', 3)
  server.dropConnections()
  assert.equal(await stock.get('apples'), 3)
})
