// A test with jest, in CommonJS: one server for the file, empty for each test.
const { Session } = require('coherence-ts')
const { EmbeddedCoherence } = require('coherence-ts/testing')

let server, session
beforeAll(async () => {
  server = await EmbeddedCoherence.start()
  session = await Session.create({ address: server.address })
})
beforeEach(() => server.clear())
afterAll(() => session.close().then(() => server.stop()))

test('a user is stored', async () => {
  const users = await session.getMap('users')
  await users.set('ann', { age: 41 })
  expect(server.inspect('users')).toEqual(new Map([['ann', { age: 41 }]]))
})

test('a failure is seen', async () => {
  const users = await session.getMap('users')
  server.failNext('Put', 'the disk is full')
  await expect(users.set('ann', { age: 41 })).rejects.toThrow('the disk is full')
  expect(await users.size()).toBe(0)
})
