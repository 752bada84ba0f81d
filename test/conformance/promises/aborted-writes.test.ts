// What is told of writes that are given up, held against what the server did: one that was not sent is never carried
// out, neither then nor later.
import { Processors } from 'coherence-ts'
import { describeMaps } from '../../support/maps'

const REASON = new Error('no longer wanted')

describeMaps('a write whose signal aborts', (open) => {
  it('before it is made is not carried out', async () => {
    const map = await open([['key', { count: 1 }]])
    const outcomes: string[] = []
    const options = {
      signal: AbortSignal.abort(REASON),
      onAborted: (outcome: string) => void outcomes.push(outcome),
    }

    const writes = [
      map.set('key', { count: 2 }, options),
      map.setAll([['key', { count: 3 }]], options),
      map.delete('key', options),
      map.clear(options),
      map.invoke('key', Processors.increment('count', 1), options),
      map.invokeAll(Processors.increment('count', 1), options),
    ]

    expect(await Promise.allSettled(writes)).toEqual(
      writes.map(() => ({ status: 'rejected', reason: REASON })),
    )
    expect(outcomes).toEqual(writes.map(() => 'not-sent'))
    expect(await map.entries().toArray()).toEqual([['key', { count: 1 }]])
  })

  it('is carried out, or not, as onAborted says: of many at once on a few keys', async () => {
    const map = await open<number, number>()
    const seen: (number | undefined)[] = []
    await using subscription = await map.listen(({ newValue }) => void seen.push(newValue))
    const controller = new AbortController()
    const notSent: number[] = []
    const done: number[] = []

    const writes = Array.from({ length: 500 }, (_, value) =>
      map
        .set(value % 10, value, {
          signal: controller.signal,
          onAborted: (outcome) => {
            if (outcome === 'not-sent') notSent.push(value)
          },
        })
        .then(() => {
          done.push(value)
          if (done.length === 100) controller.abort(REASON)
        }),
    )
    await Promise.allSettled(writes)
    // These wait until the server is done with what was sent before.
    await Promise.all(Array.from({ length: 10 }, (_, key) => map.set(key, -1)))

    expect(subscription.isActive).toBe(true)
    expect(notSent.filter((value) => seen.includes(value))).toEqual([])
    expect(done.filter((value) => !seen.includes(value))).toEqual([])
    expect(notSent.length).toBeGreaterThanOrEqual(380)
  })

  it('in the middle of a bulk write says that some of it may be carried out, which it is', async () => {
    const map = await open<number, string>()
    const controller = new AbortController()
    const outcomes: string[] = []
    const value = 'x'.repeat(1_000)
    async function* entries(): AsyncGenerator<[number, string]> {
      for (let key = 0; ; key++) yield [key, value]
    }

    const stored = map.setAll(entries(), {
      signal: controller.signal,
      onAborted: (outcome) => void outcomes.push(outcome),
      onProgress: () => controller.abort(REASON),
    })

    await expect(stored).rejects.toBe(REASON)
    expect(outcomes).toEqual(['unknown'])
    expect(await map.size()).toBeGreaterThan(0)
  })
})
