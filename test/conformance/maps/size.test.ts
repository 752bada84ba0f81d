// size: the number of entries.
import { describeMaps, FALSY } from '../../support/maps'
import { describeReceiver } from '../../support/receivers'

describeMaps('size', (open) => {
  it('is the number of entries', async () => {
    const map = await open<string, number>()
    const sizes = [await map.size()]
    await map.setAll([
      ['a', 1],
      ['b', 1],
    ])
    sizes.push(await map.size())
    await map.delete('a')
    sizes.push(await map.size())
    expect(sizes).toEqual([0, 2, 1])
  })

  it('counts keys and values that count as false', async () => {
    const map = await open(FALSY.map((falsy) => [falsy, falsy]))
    expect(await map.size()).toBe(4)
  })

  it('counts a key once that was set twice', async () => {
    const map = await open<object, number>()
    await map.set({ a: 1, b: 2 }, 1)
    await map.set({ b: 2, a: 1 }, 2)
    expect(await map.size()).toBe(1)
  })

  it('knows of the writes before it, awaited or not', async () => {
    const map = await open<number, number>()
    const writes = Array.from({ length: 20 }, (_, index) => map.set(index, index))
    expect(await map.size()).toBe(20)
    await Promise.all(writes)
  })

  describeReceiver('size', (map, options) => map.size(options))
})
