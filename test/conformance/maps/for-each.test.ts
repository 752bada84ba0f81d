// forEach: visits entries one after the other, as they come.
import { Filters } from 'coherence-ts'
import { describeMaps, FALSY } from '../../support/maps'
import { describeReceiver } from '../../support/receivers'
import { wrongArgument } from '../../support/wrong-argument'

describeMaps('forEach', (open) => {
  it('calls the visitor with the value and the key of each entry', async () => {
    const map = await open([
      ['a', 1],
      ['b', 2],
    ])
    const visits: unknown[] = []
    await map.forEach((value, key) => visits.push([value, key]))
    expect(visits).toHaveLength(2)
    expect(visits).toEqual(
      expect.arrayContaining([
        [1, 'a'],
        [2, 'b'],
      ]),
    )
  })

  it('visits entries that count as false', async () => {
    const map = await open(FALSY.map((falsy) => [falsy, falsy]))
    const keys = new Set<unknown>()
    await map.forEach((value, key) => {
      if (Object.is(value, key)) keys.add(key)
    })
    expect(keys).toEqual(new Set(FALSY))
  })

  it('visits the entries that the filter accepts, no more than the limit', async () => {
    const map = await open(Array.from({ length: 10 }, (_, index) => [index, { even: index % 2 === 0 }]))
    const keys: number[] = []
    await map.forEach((_, key) => keys.push(key), { filter: Filters.equal('even', true), limit: 3 })
    expect(keys.map((key) => key % 2)).toEqual([0, 0, 0])
  })

  it('waits for the visitor before the next visit', async () => {
    const map = await open(Array.from({ length: 20 }, (_, index) => [index, index]))
    let underWay = 0
    let most = 0
    await map.forEach(async () => {
      most = Math.max(most, ++underWay)
      await new Promise((resolve) => setImmediate(resolve))
      underWay -= 1
    })
    expect(most).toBe(1)
  })

  it('does not hold all entries before the first visit', async () => {
    const map = await open(Array.from({ length: 5_000 }, (_, index) => [index, 'x']))
    const failure = new Error('seen enough')
    let visits = 0
    const visited = map.forEach(() => {
      visits += 1
      throw failure
    })
    await expect(visited).rejects.toBe(failure)
    expect(visits).toBe(1)
  })

  it.each([undefined, null, 'visit', {}])('refuses %j as the visitor', async (visit) => {
    const map = await open([['a', 1]])
    await expect(map.forEach(visit as never)).rejects.toEqual(
      wrongArgument('forEach: the first argument is '),
    )
  })

  it('refuses a second function, such as the this of an array, as options', async () => {
    const map = await open([['a', 1]])
    const wrong = (): number => 1
    await expect(map.forEach(() => undefined, wrong as never)).rejects.toEqual(
      wrongArgument('forEach: the options are a function; '),
    )
  })

  describeReceiver('forEach', (map, options) => map.forEach(() => undefined, options))
})
