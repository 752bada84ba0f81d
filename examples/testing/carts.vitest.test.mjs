// A test with vitest, in ES modules: a server of its own for each test, whose time the test moves.
import { Session } from 'coherence-ts'
import { Clock, EmbeddedCoherence } from 'coherence-ts/testing'
import { afterEach, beforeEach, expect, test } from 'vitest'

let server, session
beforeEach(async () => {
  server = await EmbeddedCoherence.start({ clock: new Clock({ frozen: true }) })
  session = await Session.create({ address: server.address })
})
afterEach(() => session.close().then(() => server.stop()))

test('a cart is kept for an hour', async () => {
  const carts = await session.getCache('carts')
  await carts.set('ann', ['tea'], { ttlSeconds: 3600 })
  server.clock.advance(3599)
  expect(await carts.get('ann')).toEqual(['tea'])
  server.clock.advance(1)
  expect(await carts.get('ann')).toBeUndefined()
})
