// It is a Map, however much has come and gone.
import fc from 'fast-check'
import { ChurnMap } from '../../../src/async/churn-map'

describe('a map whose entries come and go', () => {
  it('has what a Map has, in its order', () => {
    const key = fc.nat({ max: 40 })
    const step = fc.oneof(
      { weight: 6, arbitrary: fc.record({ kind: fc.constant('set' as const), key, value: fc.nat() }) },
      { weight: 5, arbitrary: fc.record({ kind: fc.constant('delete' as const), key }) },
    )
    fc.assert(
      fc.property(fc.array(step, { minLength: 3_000, maxLength: 4_000 }), (steps) => {
        const map = new ChurnMap<number, number>()
        const plain = new Map<number, number>()
        for (const step of steps) {
          if (step.kind === 'delete') {
            expect(map.delete(step.key)).toBe(plain.delete(step.key))
          } else {
            map.set(step.key, step.value)
            plain.set(step.key, step.value)
          }
          expect(map.get(step.key)).toBe(plain.get(step.key))
        }
        expect(map.size).toBe(plain.size)
        expect([...map.entries()]).toEqual([...plain])
        expect([...map.keys()]).toEqual([...plain.keys()])
        expect([...map.values()]).toEqual([...plain.values()])
        map.clear()
        expect([map.size, map.get(1)]).toEqual([0, undefined])
      }),
      { numRuns: 20 },
    )
  })
})
