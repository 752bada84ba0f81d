// "Store if absent" on servers that fail the request for it: done another way only where nothing was stored.
import { ServerError } from 'coherence-ts'
import { NamedCacheRequestType as Type } from '../../../gen/coherence/cache/v1/cache_service_messages_v1'
import { entryPayload, json } from '../../support/fake-caches'
import { fakeWorld } from '../../support/fake-world'

describe('setIfAbsent', () => {
  it('is done by a processor where the server cannot answer the request', async () => {
    await using world = await fakeWorld<string, number>('m')
    const { proxy, map } = world
    proxy.on(Type.PutIfAbsent, (request) =>
      request.error('Failed to serialize object of type class java.lang.Object'),
    )
    proxy.on(Type.Invoke, (request) => request.answer(entryPayload(json('k'), json([5, null]))))
    expect(await map.setIfAbsent('k', 1)).toBe(5)
  })

  it('fails where the server may have stored the value before it failed', async () => {
    await using world = await fakeWorld<string, number>('m')
    const { proxy, map } = world
    proxy.on(Type.PutIfAbsent, (request) => {
      proxy.caches.fill('m', [['k', 1]])
      request.error('(Wrapped: Request interrupted while waiting for response)')
    })
    proxy.on(Type.Invoke, (request) => request.answer(entryPayload(json('k'), json([1, null]))))
    await expect(map.setIfAbsent('k', 1)).rejects.toBeInstanceOf(ServerError)
    expect(proxy.received(Type.Invoke)).toEqual([])
  })
})
