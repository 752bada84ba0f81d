// AsyncLocalStorage: what an application keeps for a request of its own is there in all code that the library calls for it.
import { AsyncLocalStorage } from 'node:async_hooks'
import { type NamedMap, Session } from 'coherence-ts'
import { EmbeddedCoherence } from 'coherence-ts/testing'
import { eventually } from '../../support/eventually'

const storage = new AsyncLocalStorage<string>()

let server: EmbeddedCoherence
let session: Session
let map: NamedMap<string, number>

beforeEach(async () => {
  server = await EmbeddedCoherence.start()
  // The connection is made for one request and used by others.
  session = await storage.run('first', () => Session.create({ address: server.address }))
  map = await session.getMap<string, number>('m')
})

afterEach(async () => {
  await session.close()
  await server.stop()
})

it('is kept by promises and streams', async () => {
  const seen = await storage.run('mine', async () => {
    const seenBy: unknown[] = []
    await map.setAll([['a', 1]], { onProgress: () => seenBy.push(storage.getStore()) })
    await map.get('a')
    seenBy.push(storage.getStore())
    for await (const key of map.keys()) seenBy.push(key, storage.getStore())
    await map.forEach(() => void seenBy.push(storage.getStore()))
    await map.get('a').finally(() => seenBy.push(storage.getStore()))
    return seenBy
  })
  expect(seen).toEqual(['mine', 'mine', 'a', 'mine', 'mine', 'mine'])
})

it('is kept by listeners to entries', async () => {
  const heard: unknown[] = []
  await storage.run('mine', () => map.listen(() => heard.push(storage.getStore())))
  await map.set('a', 1)
  await eventually(() => heard.length === 1)
  expect(heard).toEqual(['mine'])
})

it('is kept by event streams', async () => {
  const events = map.events({ overflow: 'error' })
  await events.ready
  const seen = storage.run('mine', async () => {
    for await (const { type } of events) return [type, storage.getStore()]
    return []
  })
  await map.set('a', 1)
  expect(await seen).toEqual(['insert', 'mine'])
})

it('is kept by listeners to the session and to maps', async () => {
  const seen: unknown[] = []
  const back = new Promise<void>((resolve) => {
    storage.run('mine', () => {
      session.on('disconnected', () => seen.push(storage.getStore()))
      session.once('reconnected', () => {
        seen.push(storage.getStore())
        resolve()
      })
      map.on('destroyed', () => seen.push(storage.getStore()))
    })
  })
  server.dropConnections()
  await back
  await map.destroy()
  expect(seen).toEqual(['mine', 'mine', 'mine'])
})
