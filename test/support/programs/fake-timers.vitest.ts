// A test of vitest: sessions while its timers are fake.
import { expect, it, vi } from 'vitest'
import * as library from '../../../src/index'
import { lifeUnderFakeTimers, LIVED } from '../life-under-fake-timers'

it('sessions work while the timers of vitest are fake', async () => {
  const address = process.env['FAKE_PROXY_ADDRESS'] ?? ''
  const lived = await lifeUnderFakeTimers(library, address, () => {
    vi.useFakeTimers()
    return () => vi.useRealTimers()
  })
  expect(lived).toEqual(LIVED)
})
