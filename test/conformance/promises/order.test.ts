// Calls on one key take effect in the order in which they were made, whether they are awaited or not.
import { describeMaps } from '../../support/maps'
import { range } from '../../support/sequences'
import { OrderModel, type Step } from './order-model'
import { OrderProgram } from './order-program'
import { Random, seedOfRun, withSeed } from '../../support/random'

const KEYS = Array.from({ length: 20 }, (_, index) => `key ${index}`)

describeMaps('the order of calls', (open) => {
  it('is kept by 300 writes of one key that are not awaited: each gives the value before, the last one stays', async () => {
    const map = await open<string, number>()
    const numbers = range(0, 300)
    const previous = await Promise.all(numbers.map((number) => map.set('key', number)))
    expect(previous).toEqual([undefined, ...numbers.slice(0, -1)])
    expect(await map.get('key')).toBe(299)
  })

  it('is kept by writes and reads of one key of every kind', async () => {
    const map = await open<string, number>()
    const answers = await Promise.all([
      map.get('key'),
      map.set('key', 1),
      map.get('key'),
      map.replace('key', 2),
      map.setAll([['key', 3]]),
      map.getAll(['key']),
      map.delete('key'),
      map.has('key'),
      map.setIfAbsent('key', 4),
      map.entries().toArray(),
      map.clear(),
      map.size(),
    ])
    // A read may see a later write.
    expect([undefined, 1, 2, 3]).toContain(answers[0])
    expect(answers.slice(1)).toEqual([
      undefined,
      expect.any(Number),
      1,
      undefined,
      expect.any(Map),
      3,
      expect.any(Boolean),
      undefined,
      expect.any(Array),
      undefined,
      0,
    ])
  })

  it.each(['getAll', 'processors'] as const)(
    'is kept by 5,000 random calls with %s on 20 keys, of which some are aborted',
    async (having) => {
      const seed = seedOfRun()
      await withSeed(seed, async () => {
        const program = new OrderProgram(await open<string, number>(), KEYS, new Random(seed), having)
        const model = new OrderModel(KEYS)
        const fates = new Set<string>()
        for (let burst = 0; burst < 10; burst++) {
          const steps = await program.burst(500)
          model.check(steps, await program.state())
          for (const { kind, fate } of steps) fates.add(`${kind} ${fate}`)
        }
        expect([...fates]).toEqual(
          expect.arrayContaining(['write answered', 'write not sent', 'write unknown', 'read answered']),
        )
      })
    },
  )
})

describe('the model of the order', () => {
  const first: Step = { kind: 'write', keys: ['k'], value: 1, fate: 'answered' }
  const second: Step = {
    kind: 'write',
    keys: ['k'],
    value: 2,
    fate: 'answered',
    replaced: new Map([['k', 1]]),
  }
  const check = (steps: readonly Step[], atTheEnd: number | undefined) => () =>
    new OrderModel(['k']).check(steps, new Map([['k', atTheEnd]]))

  it.each<[string, readonly Step[], number | undefined]>([
    ['writes in their order', [first, second], 2],
    ['a write of unknown fate that was done', [{ ...first, fate: 'unknown' }], 1],
    ['a write of unknown fate that was not done', [{ ...first, fate: 'unknown' }], undefined],
    [
      'a read that sees a later write',
      [{ kind: 'read', keys: ['k'], fate: 'answered', found: new Map([['k', 1]]) }, first],
      1,
    ],
    [
      'a write by filter that comes late',
      [{ kind: 'unordered', keys: ['k'], value: 5, fate: 'answered', replaced: new Map([['k', 1]]) }, first],
      5,
    ],
  ])('takes %s', (_, steps, atTheEnd) => {
    expect(check(steps, atTheEnd)).not.toThrow()
  })

  it.each<[string, readonly Step[], number | undefined]>([
    ['the first of two writes at the end', [first, second], 1],
    ['a write that replaced nothing where there was a value', [first, { ...second, replaced: new Map() }], 2],
    ['the effect of a write that was never sent', [{ ...first, fate: 'not sent' }], 1],
    [
      'a read that misses the write before it',
      [first, { kind: 'read', keys: ['k'], fate: 'answered', found: new Map([['k', undefined]]) }],
      1,
    ],
    [
      'a write that comes after clear where it was made before',
      [first, { kind: 'write', keys: 'all', value: undefined, fate: 'answered' }],
      1,
    ],
    ['a write of unknown fate after a later one', [{ ...first, fate: 'unknown' }, second], 1],
  ])('refuses %s', (_, steps, atTheEnd) => {
    expect(check(steps, atTheEnd)).toThrow(/where only|never sent/)
  })
})
