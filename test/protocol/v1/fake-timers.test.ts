// Test libraries replace the timers and clocks of Node.js with fakes that stand still. Calls are answered, and time out,
// in real time all the same.
import type * as Library from 'coherence-ts'
import { runProgram } from '../../support/child-program'
import { type FakeTimers, lifeUnderFakeTimers, LIVED } from '../../support/life-under-fake-timers'
import { runTests } from '../../support/vitest-run'
import { type ProxyProcess, startProxyProcess } from '../../support/proxy-process'

let proxy: ProxyProcess

beforeEach(async () => {
  proxy = await startProxyProcess()
})

afterEach(async () => {
  jest.useRealTimers()
  await proxy[Symbol.asyncDispose]()
})

function faked(config?: Parameters<typeof jest.useFakeTimers>[0]): FakeTimers {
  return () => {
    jest.useFakeTimers(config)
    return () => jest.useRealTimers()
  }
}

const OF_JEST: [string, FakeTimers][] = [
  ['modern', faked()],
  ['legacy', faked({ legacyFakeTimers: true })],
]

it.each(OF_JEST)("sessions work while jest's %s timers are fake", async (_, fakeTimers) => {
  const library = jest.requireActual<typeof Library>('coherence-ts')
  expect(await lifeUnderFakeTimers(library, proxy.address, fakeTimers)).toEqual(LIVED)
})

it.each(OF_JEST)('they do where the library is loaded when they are fake: %s', async (_, fakeTimers) => {
  jest.resetModules()
  const restore = fakeTimers()
  const library = jest.requireActual<typeof Library>('coherence-ts')
  expect(await lifeUnderFakeTimers(library, proxy.address, () => restore)).toEqual(LIVED)
})

it.each(['node:test', '@sinonjs/fake-timers'])('sessions work while timers are those of %s', async (name) => {
  const { address } = proxy
  const { printed } = await runProgram('fake-timers', { name, address })
  expect(printed).toEqual([LIVED])
})

it('calls time out while Node.js itself has no process.nextTick', async () => {
  const { address } = proxy
  const name = '@sinonjs/fake-timers, process.nextTick too'
  const { printed } = await runProgram('fake-timers', { name, address })
  expect(printed).toEqual([[...Array<string>(6).fill('ERR_COHERENCE_TIMEOUT'), 'ERR_COHERENCE_CONNECTION']])
})

it('sessions work in a test of vitest', async () => {
  expect(await runTests('fake-timers', { FAKE_PROXY_ADDRESS: proxy.address })).toEqual(['passed'])
})
