// The whole client above the socket, in virtual time, over a network and to a server that a seed drives. COHERENCE_TEST_SEED
// is the first seed, COHERENCE_TEST_SEEDS says how many, COHERENCE_TEST_STEPS how long each is: `npm run simulate`.
import { fromEnvironment } from '../support/conformance-environment'
import { type Result, shrunk, simulate } from './run'

const FIRST_SEED = Number(fromEnvironment('COHERENCE_TEST_SEED') ?? 1)
const SEEDS = Number(fromEnvironment('COHERENCE_TEST_SEEDS') ?? (process.env['CI'] === 'true' ? 20 : 40))
const STEPS = Number(fromEnvironment('COHERENCE_TEST_STEPS') ?? 2_500)
const SEEDS_PER_TEST = 10
const MILLIS_PER_STEP = 20
const LINES_SHOWN = 60

const begins = Array.from(
  { length: Math.ceil(SEEDS / SEEDS_PER_TEST) },
  (_, index) => FIRST_SEED + index * SEEDS_PER_TEST,
)

/** Fails with the smallest set of faults that shows the same, and the last steps. */
async function expectNothingViolated(result: Result): Promise<void> {
  if (result.violations.length === 0) return
  const { violations, faults, trace } = await shrunk(result, STEPS)
  const struck = [...faults].map(
    ([number, { kind, at, millis }]) => `fault ${number}: ${kind} at ${at} for ${millis} ms`,
  )
  throw new Error(
    [
      ...violations,
      `with ${faults.size} faults:`,
      ...struck,
      'The last steps:',
      ...trace.slice(-LINES_SHOWN),
    ].join('\n'),
  )
}

it.each(begins)(
  'whatever the network does, every promise is kept: seed %d and those after it',
  async (begin) => {
    let steps = 0
    for (let seed = begin; seed < Math.min(begin + SEEDS_PER_TEST, FIRST_SEED + SEEDS); seed++) {
      const result = await simulate({ seed, steps: STEPS })
      await expectNothingViolated(result)
      steps += result.steps
    }
    expect(steps).toBeGreaterThan(STEPS)
  },
  SEEDS_PER_TEST * STEPS * MILLIS_PER_STEP,
)

it('the same seed gives the same run to the byte, and another one another', async () => {
  const digests: string[] = []
  for (const seed of [FIRST_SEED, FIRST_SEED, FIRST_SEED + 1]) {
    digests.push((await simulate({ seed, steps: 500 })).digest)
  }
  expect(digests[0]).toBe(digests[1])
  expect(digests[0]).not.toBe(digests[2])
})
