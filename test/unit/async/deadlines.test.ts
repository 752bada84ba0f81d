import { now } from '../../../src/async/real-time'
import { Deadlines, type Expiring } from '../../../src/async/deadlines'

function expiring(deadline: number): { item: Expiring; told: Promise<number> } {
  let tell: (time: number) => void
  const told = new Promise<number>((resolve) => (tell = resolve))
  return { item: { deadline, expired: () => tell(now()) }, told }
}

/** The timers that keep the process alive. */
function timers(): number {
  return process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length
}

describe('a deadline', () => {
  it('expires when its time is over, and not before', async () => {
    const deadline = now() + 20
    const { item, told } = expiring(deadline)
    new Deadlines().add(item)

    expect(await told).toBeGreaterThanOrEqual(deadline)
  })

  it('expires in its turn, whatever was added before', async () => {
    const deadlines = new Deadlines()
    const order: string[] = []
    const done = new Promise<void>((resolve) => {
      deadlines.add({ deadline: now() + 40, expired: () => [order.push('late'), resolve()] })
      deadlines.add({ deadline: now() + 10, expired: () => order.push('early') })
    })
    await done

    expect(order).toEqual(['early', 'late'])
  })

  it('expires after an earlier one was removed', async () => {
    const deadlines = new Deadlines()
    const removed = expiring(now() + 10)
    const kept = expiring(now() + 30)
    deadlines.add(removed.item)
    deadlines.add(kept.item)
    deadlines.remove(removed.item)
    const first = await Promise.race([removed.told.then(() => 'removed'), kept.told.then(() => 'kept')])

    expect(first).toBe('kept')
  })

  it('that never comes keeps no timer', () => {
    const before = timers()
    new Deadlines().add(expiring(Infinity).item)

    expect(timers()).toBe(before)
  })

  it('keeps the process alive until it is removed, also the second time', () => {
    const before = timers()
    const deadlines = new Deadlines()
    const { item } = expiring(now() + 60_000)
    deadlines.add(item)
    const withOne = timers()
    deadlines.remove(item)
    const withNone = timers()
    deadlines.add(item)
    const again = timers()
    deadlines.remove(item)

    expect([withOne, withNone, again, timers()]).toEqual([before + 1, before, before + 1, before])
  })

  it('can add another when it expires', async () => {
    const deadlines = new Deadlines()
    const second = expiring(now() + 1)
    deadlines.add({ deadline: now() + 5, expired: () => deadlines.add(second.item) })

    await expect(second.told).resolves.toBeGreaterThan(0)
  })
})
