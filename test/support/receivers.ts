// What holds for every method of a map, whatever it is called on: a released or destroyed map, a closed session; and
// whoever gives the call up: the caller by a signal, the time, or a wrong option. One table for all methods.
import {
  type CallOptions,
  MapInactiveError,
  type NamedCache,
  RequestTimeoutError,
  type Session,
  SessionClosedError,
} from 'coherence-ts'
import { serverAddress, uniqueName } from './conformance'
import { openSession } from './maps'
import { startTcpProxy, type TcpProxy } from './tcp-proxy'
import { wrongArgument } from './wrong-argument'
import { failureOf } from './failures'

export type AnyMap = NamedCache<unknown, unknown>
export type CallOn = (map: AnyMap, options?: CallOptions) => unknown

const WRONG_OPTIONS: readonly (readonly [what: string, options: unknown, reason: string])[] = [
  ['a string', 'fast', "the options are 'fast'; "],
  ['a number', 5, 'the options are 5; '],
  ['null', null, 'the options are null; '],
  ['an array', [], 'the options are an array; '],
  ['an option that does not exist', { timeout: 5 }, "there is no option 'timeout' "],
  ['a timeout of 0', { timeoutSeconds: 0 }, 'timeoutSeconds is 0; '],
  ['a negative timeout', { timeoutSeconds: -1 }, 'timeoutSeconds is -1; '],
  ['a timeout that is NaN', { timeoutSeconds: NaN }, 'timeoutSeconds is NaN; '],
  ['a timeout that is a string', { timeoutSeconds: '5' }, "timeoutSeconds is '5'; "],
  ['a signal that is none', { signal: {} }, 'signal is an object; '],
]

/** Tests a method that takes call options on maps where it cannot work, and calls that are given up. */
export function describeReceiver(operation: string, call: CallOn): void {
  describeInactive(operation, call)
  describeGivenUp(operation, call)
}

/** Tests a method on maps where it cannot work. */
export function describeInactive(operation: string, call: CallOn): void {
  describe(`${operation} on a map that is not active`, () => {
    let session: Session
    beforeAll(async () => {
      session = await openSession()
    })
    afterAll(async () => {
      await session.close()
    })

    it('rejects with the name of the map and the reason where the map was released', async () => {
      const map = await session.getCache(uniqueName('released'))
      await map.release()
      const error = await failureOf(() => call(map))
      expect(error).toBeInstanceOf(MapInactiveError)
      expect(error).toMatchObject({ reason: 'released', mapName: map.name, outcome: 'not-sent' })
    })

    it('rejects with the name of the map and the reason where the map was destroyed', async () => {
      const map = await session.getCache(uniqueName('destroyed'))
      await map.destroy()
      const error = await failureOf(() => call(map))
      expect(error).toBeInstanceOf(MapInactiveError)
      expect(error).toMatchObject({ reason: 'destroyed', mapName: map.name, outcome: 'not-sent' })
    })

    it('rejects with the operation and the name of the map where the session is closed', async () => {
      const other = await openSession()
      const map = await other.getCache(uniqueName('closed'))
      await other.close()
      const error = await failureOf(() => call(map))
      expect(error).toBeInstanceOf(SessionClosedError)
      expect(error).toMatchObject({
        outcome: 'not-sent',
        message: `${operation} on map '${map.name}' failed: the session is closed`,
      })
    })
  })
}

/** Tests that a call can be given up, before it is sent and afterwards. */
export function describeGivenUp(operation: string, call: CallOn): void {
  describe(`${operation} that is aborted or runs out of time`, () => {
    let proxy: TcpProxy
    let session: Session
    beforeAll(async () => {
      proxy = await startTcpProxy(serverAddress())
      session = await openSession({ address: proxy.address })
    })
    afterEach(() => {
      proxy.resume()
    })
    afterAll(async () => {
      await session.close()
      await proxy.close()
    })

    /** A map from which no answer comes. */
    async function silentMap(): Promise<AnyMap> {
      const map = await session.getCache(uniqueName('silent'))
      proxy.pause()
      return map
    }

    it('rejects with the reason of a signal that is aborted before', async () => {
      const map = await silentMap()
      const reason = new Error('changed my mind')
      expect(await failureOf(() => call(map, { signal: AbortSignal.abort(reason) }))).toBe(reason)
    })

    it('rejects with the reason of a signal that aborts while the call is in flight', async () => {
      const map = await silentMap()
      const reason = { neither: 'an error' }
      const controller = new AbortController()
      const failure = failureOf(() => call(map, { signal: controller.signal }))
      setImmediate(() => controller.abort(reason))
      expect(await failure).toBe(reason)
    })

    it('rejects with the operation and the time it had where no answer comes', async () => {
      const map = await silentMap()
      const error = await failureOf(() => call(map, { timeoutSeconds: 0.05 }))
      expect(error).toBeInstanceOf(RequestTimeoutError)
      expect(error).toMatchObject({ operation, timeoutSeconds: 0.05 })
      expect(['unknown', 'not-sent']).toContain((error as RequestTimeoutError).outcome)
    })

    it('rejects wrong options with a TypeError, without asking the server', async () => {
      const map = await silentMap()
      const failures: Record<string, unknown> = {}
      for (const [what, wrong] of WRONG_OPTIONS) {
        failures[what] = await failureOf(() => call(map, wrong as CallOptions))
      }
      const expected = WRONG_OPTIONS.map(([what, , reason]) => [
        what,
        wrongArgument(`${operation}: ${reason}`),
      ])
      expect(failures).toEqual(Object.fromEntries(expected))
    })
  })
}
