// A life of sessions while a library that replaces the timers of the process itself keeps them fake. Prints what came of
// it.
import { install } from '@sinonjs/fake-timers'
import { mock } from 'node:test'
import { type CoherenceError, Session } from '../../../src/index'
import { type FakeTimers, lifeUnderFakeTimers } from '../life-under-fake-timers'

interface Life {
  readonly name: keyof typeof LIVES
  readonly address: string
}

const ofNode: FakeTimers = () => {
  mock.timers.enable()
  return () => mock.timers.reset()
}

const ofSinon =
  (config?: Parameters<typeof install>[0]): FakeTimers =>
  () => {
    const clock = install(config)
    return () => clock.uninstall()
  }

const LIVES = {
  'node:test': (address: string) => lifeUnderFakeTimers({ Session }, address, ofNode),

  '@sinonjs/fake-timers': (address: string) =>
    lifeUnderFakeTimers({ Session }, address, ofSinon({ toNotFake: ['nextTick'] })),

  /** Without `process.nextTick` Node.js neither reads from sockets nor writes to them. */
  '@sinonjs/fake-timers, process.nextTick too': async (address: string) => {
    const session = await Session.create({ address, requestTimeoutSeconds: 0.2 })
    const map = await session.getMap<string, number>('used')
    const restore = ofSinon()()
    const calls = [
      map.get('k'),
      map.set('k', 1),
      map.setAll([['k', 1]]),
      map.keys().toArray(),
      session.ping(),
      session.getMap('another'),
      Session.create({ address, requestTimeoutSeconds: 0.2 }),
    ]
    const outcomes = await Promise.allSettled(calls)
    await session.close()
    restore()
    return outcomes.map((end) => (end.status === 'rejected' ? (end.reason as CoherenceError).code : end))
  },
}

async function main(): Promise<void> {
  const { name, address } = JSON.parse(process.argv[2] ?? '') as Life
  process.stdout.write(`${JSON.stringify(await LIVES[name](address))}\n`)
}

void main()
