// Many listeners at once: no warning of Node.js, each is told, and all are taken back.
import type { Subscription } from 'coherence-ts'
import { describeMaps, openSession } from '../../support/maps'
import { warningsDuring } from '../../support/warnings'

const MANY = 1_000

describeMaps('a thousand listeners', (open) => {
  it('of one map share one signal without a warning', async () => {
    await using session = await openSession()
    const map = await session.getMap<number, number>((await open()).name)
    const controller = new AbortController()
    const told = new Array<number>(MANY).fill(0)
    let subscriptions: Subscription[] = []
    const warnings = await warningsDuring(async () => {
      const { signal } = controller
      const listening = told.map((_, index) =>
        map.listen(
          () => void (told[index] = (told[index] ?? 0) + 1),
          index % 2 === 0 ? { signal } : { key: index, signal },
        ),
      )
      subscriptions = await Promise.all(listening)
      await map.setAll(told.map((_, key) => [key, key] as const))
      for (let lifecycle = 0; lifecycle < 20; lifecycle++) map.on('truncated', () => undefined)
    })
    const wanted = told.map((_, index) => (index % 2 === 0 ? MANY : 1))
    expect([warnings, told]).toEqual([[], wanted])
    controller.abort()
    expect(subscriptions.some(({ isActive }) => isActive)).toBe(false)
    await map.set(1, 2)
    expect(told).toEqual(wanted)
  })

  it('with as many filters get the events of their own filter', async () => {
    const map = await open<number, number>()
    const told: number[] = []
    const closing: Subscription[] = []
    for (let batch = 0; batch < 4; batch++) {
      const listening = Array.from({ length: 50 }, (_, index) => {
        const value = batch * 50 + index
        const filter = { '@class': 'filter.EqualsFilter', extractor: IDENTITY, value }
        return map.listen(() => told.push(value), { filter: filter as never })
      })
      closing.push(...(await Promise.all(listening)))
    }
    for (let value = 0; value < 200; value++) await map.set(0, value)
    // Each value but the last is told of when it comes and when it goes.
    const wanted = Array.from({ length: 200 }, (_, value) => (value === 0 ? [0] : [value - 1, value])).flat()
    const byMoment = (values: readonly number[]): number[] => [...values].sort((one, other) => one - other)
    expect(byMoment(told)).toEqual(byMoment(wanted))
    await Promise.all(closing.map((subscription) => subscription.close()))
    await map.set(0, 1)
    expect(told).toHaveLength(wanted.length)
  })

  // The server looks for the listeners of a key by its own print of it, which need not be that of the registration.
  it('with as many keys get the values, however the server prints the key', async () => {
    const keys = [0.0001, 12345678.5, [1e-7], { a: -1e-300 }, 2.5, 'ä', 1]
    const map = await open<unknown, number>()
    const told: unknown[] = []
    const fillers = Array.from({ length: 100 }, (_, index) =>
      map.listen(() => undefined, { key: index + 100 }),
    )
    await Promise.all(fillers)
    for (const key of keys) await map.listen(({ newValue }) => void told.push([key, newValue]), { key })
    for (const [value, key] of keys.entries()) await map.set(key, value)
    expect(told).toEqual(keys.map((key, value) => [key, value]))
  })

  // Other clients make Node.js warn of a leak from eleven maps on.
  it('of as many maps of one session cause no warning', async () => {
    await using session = await openSession()
    const warnings = await warningsDuring(async () => {
      for (let count = 0; count < 15; count++) {
        const map = await session.getMap<number, number>((await open()).name)
        await map.listen(() => undefined)
        await map.events().ready
      }
    })
    expect(warnings).toEqual([])
  })
})

const IDENTITY = { '@class': 'extractor.IdentityExtractor' }
