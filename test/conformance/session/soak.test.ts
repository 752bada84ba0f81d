// A short soak, always the same one: a session is used in every way there is while its servers, its network and its process
// fail. `npm run soak` runs longer ones.
import { describeWithJava } from '../../support/conformance'
import { soak } from '../../soak/soak'

/** A member is suspended and one is killed within the first seconds. */
const SEED = 9
const SECONDS = process.env['CI'] === 'true' ? 20 : 60
/** For the start of the cluster, the last faults, and the answers that are still to come. */
const MORE_SECONDS = 300

describeWithJava('a session whose servers, network and process fail again and again', () => {
  it(
    `loses no write and no event but in a gap, leaves no call open, and ends without a trace, in ${SECONDS} s`,
    async () => {
      const log: string[] = []
      const options = { seconds: SECONDS, seed: SEED, faultEverySeconds: 2 }
      const { violations, faults, disconnections } = await soak({ ...options, log: (line) => log.push(line) })
      expect({ violations, log: violations.length === 0 ? [] : log }).toEqual({ violations: [], log: [] })
      expect([...faults.keys()]).toEqual(expect.arrayContaining(['kill', 'suspend']))
      expect(disconnections).toBeGreaterThan(0)
    },
    (SECONDS + MORE_SECONDS) * 1_000,
  )
})
