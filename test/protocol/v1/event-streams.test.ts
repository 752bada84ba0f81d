// Event streams whose connection is left or does not answer.
import { RequestTimeoutError } from 'coherence-ts'
import { NamedCacheRequestType as Type } from '../../../gen/coherence/cache/v1/cache_service_messages_v1'
import { noAnswer } from '../../support/fake-proxy'
import { fakeWorld } from '../../support/fake-world'

it('one that is opened while the server asks to leave is opened on the next connection', async () => {
  await using world = await fakeWorld<string, number>('m')
  const { proxy, map, session } = world
  let accept: (() => void) | undefined
  proxy.onInit((stream, _init, id) => {
    if (accept === undefined) accept = () => stream.acceptInit(id)
    else stream.acceptInit(id)
  })
  await using events = map.events({ overflow: 'pause' })
  await proxy.until(() => accept !== undefined)
  const left = proxy.streams.at(-1)

  const reconnected = new Promise((resolve) => session.once('reconnected', resolve))
  proxy.goAway()
  await reconnected
  accept?.()
  await events.ready

  const [registration] = await proxy.arrival(Type.MapListener)
  expect(registration?.stream).not.toBe(left)
  expect(left?.isOpen).toBe(false)
})

it('a loop that is left ends, although the server does not answer that its listener is gone', async () => {
  await using world = await fakeWorld<string, number>('m', { requestTimeoutSeconds: 0.2 })
  const { proxy, map, session } = world
  const reported: unknown[] = []
  session.on('error', (error) => reported.push(error))
  const events = map.events({ overflow: 'error' })
  await events.ready
  proxy.on(Type.MapListener, noAnswer)
  await map.set('a', 1)

  for await (const event of events) {
    expect(event).toMatchObject({ type: 'insert', key: 'a' })
    break
  }

  expect(reported).toEqual([expect.any(RequestTimeoutError)])
  await expect(events.close()).rejects.toBeInstanceOf(RequestTimeoutError)
})
