// A hundred thousand events to fifty listeners, one of which never finishes: it costs a bounded part of the memory, and
// neither the others nor the calls of the session wait for it.
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { eventually } from '../../support/eventually'
import { describeMaps, openSession } from '../../support/maps'

const EVENTS = 100_000
const LISTENERS = 50
const KEYS = 1_000
/** Ten thousand events wait for the one at the most, with two values each: a tenth of all. */
const MOST_BYTES = 80_000_000

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

function bytesUsed(): number {
  collect()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

/** The same keys each time, with other values of a thousand bytes. */
function entriesOf(round: number): (readonly [number, string])[] {
  return Array.from({ length: KEYS }, (_, key) => [key, `${round}-${key}-`.padEnd(1_000, 'x')] as const)
}

describeMaps('a listener that never finishes', (open) => {
  it('costs a bounded part of the memory; all others and all calls go on', async () => {
    const map = await open<number, string>()
    await using other = await openSession()
    const its = await other.getMap<number, string>(map.name)
    const told = new Array<number>(LISTENERS).fill(0)
    for (let index = 1; index < LISTENERS; index++) {
      await map.listen(() => void (told[index] = (told[index] ?? 0) + 1))
    }
    const stuck = await map.listen(() => {
      told[0] = (told[0] ?? 0) + 1
      return new Promise(() => undefined)
    })
    const before = bytesUsed()
    let answeredMeanwhile = 0
    for (let round = 0; round < EVENTS / KEYS; round++) {
      let unanswered = 1
      const written = its.setAll(entriesOf(round)).finally(() => (unanswered -= 1))
      do {
        await map.get(round)
        answeredMeanwhile += unanswered
      } while (unanswered > 0)
      await written
    }
    await eventually(() => told.every((count, index) => index === 0 || count >= EVENTS), 60)
    expect(told).toEqual([1, ...new Array<number>(LISTENERS - 1).fill(EVENTS)])
    await eventually(() => bytesUsed() - before < MOST_BYTES)
    // How many is a matter of the machine; that they are answered is not.
    expect(answeredMeanwhile).toBeGreaterThan(0)
    await stuck.close()
    await eventually(() => bytesUsed() - before < MOST_BYTES / 4)
    await map.destroy()
  }, 300_000)

  it('costs no more where a stream is not consumed, whatever its overflow policy', async () => {
    const map = await open<number, string>()
    const streams = [
      map.events(),
      map.events({ overflow: 'dropOldest', maxBufferedEvents: 5_000 }),
      map.events({ overflow: 'error', maxBufferedEvents: 5_000 }),
    ]
    await Promise.all(streams.map(({ ready }) => ready))
    const before = bytesUsed()
    for (let round = 0; round < EVENTS / 4 / KEYS; round++) await map.setAll(entriesOf(round))
    expect(await map.size()).toBe(KEYS)
    await eventually(() => bytesUsed() - before < MOST_BYTES)
    await Promise.all(streams.map((stream) => stream.close()))
    await map.destroy()
  }, 300_000)
})
