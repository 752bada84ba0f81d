// The embedded server answers as a real one does: random programs run on both at once, and the answers are compared.
// The programs are the same each time, and others with COHERENCE_TEST_OPERATIONS, which makes the run longer, or with
// COHERENCE_TEST_SEED.
import * as fc from 'fast-check'
import { Session } from 'coherence-ts'
import { EmbeddedCoherence } from 'coherence-ts/testing'
import { describeConformanceUnless, isEmbedded, serverAddress, uniqueName } from '../../support/conformance'
import { fromEnvironment } from '../../support/conformance-environment'
import { serverRelease, storesBytes } from '../../support/maps'
import { seedOfRun, withSeed } from '../../support/random'
import { type Operation, printOperation, programs } from './operations'
import { functionNames } from './query-call'
import { TwoServers } from './random-programs'

const WANTED = fromEnvironment('COHERENCE_TEST_OPERATIONS')
const OPERATIONS = Number(WANTED ?? 5_000)
const SEED = 1
/** About as many as a program has. */
const OPERATIONS_OF_PROGRAM = 13
const MAX_LENGTH = 25
const SHARE_OF_EVENTS = 0.2
const SECONDS_OF_OPERATION = 0.02
const RELEASE = '25.03.2'

const ALL_OPERATIONS =
  'get getAll getOrDefault set setAll setIfAbsent replace replaceMapping removeMapping delete has hasValue hasEntry size ' +
  'isEmpty clear truncate keys values entries forEach invoke invokeAll aggregate addIndex removeIndex'

type Run = (servers: TwoServers, program: readonly Operation[]) => Promise<void>

/** Why there is nothing to compare; `undefined` where there is. */
function reasonToSkip(): string | undefined {
  if (isEmbedded()) return 'it would be compared with itself'
  if (storesBytes() || serverRelease() !== RELEASE) return `it is as ${RELEASE} with default caches`
  return undefined
}

describeConformanceUnless(reasonToSkip(), 'the embedded server in random programs', () => {
  let embedded: EmbeddedCoherence
  let sessions: readonly [Session, Session]
  const made = new Map<string, number>()
  const answered = new Map<string, number>()

  beforeAll(async () => {
    embedded = await EmbeddedCoherence.start()
    const addresses = [serverAddress(), embedded.address] as const
    sessions = [
      await Session.create({ address: addresses[0] }),
      await Session.create({ address: addresses[1] }),
    ]
  })

  afterAll(async () => {
    await Promise.all(sessions.map((session) => session.close()))
    await embedded.stop()
  })

  async function runPrograms(count: number, run: Run): Promise<void> {
    const name = uniqueName('random')
    const [real, own] = sessions
    const maps = [await real.getMap(name), await own.getMap(name)] as const
    const servers = new TwoServers(maps, made, answered)
    const seed = WANTED === undefined ? seedOfRun(SEED) : seedOfRun()
    await withSeed(seed, async () => {
      const property = fc.asyncProperty(programs(MAX_LENGTH), (program) => run(servers, program))
      const details = await fc.check(property, { seed: seed | 0, numRuns: count })
      if (details.failed) throw new Error(report(details))
    })
    await Promise.all(maps.map((map) => map.destroy()))
  }

  const programsOf = (operations: number): number => Math.ceil(operations / OPERATIONS_OF_PROGRAM)
  const timeout = 60_000 + OPERATIONS * SECONDS_OF_OPERATION * 1_000

  it(
    `gives the same answers and entries in ${OPERATIONS} operations`,
    () =>
      runPrograms(programsOf(OPERATIONS * (1 - SHARE_OF_EVENTS)), (servers, program) => servers.run(program)),
    timeout,
  )

  it(
    'gives the same events of each key',
    () =>
      runPrograms(programsOf(OPERATIONS * SHARE_OF_EVENTS), (servers, program) =>
        servers.runListening(program),
      ),
    timeout,
  )

  it('was asked for every operation, and by every function that makes queries', () => {
    expect([...answered.keys()].sort()).toEqual(ALL_OPERATIONS.split(' ').sort())
    expect([...made.keys()].sort()).toEqual(functionNames().sort())
  })
})

/** The smallest program that was found, as code. */
function report({ counterexample, errorInstance }: fc.RunDetails<[readonly Operation[]]>): string {
  const program = counterexample?.[0].map(printOperation).join('\n') ?? ''
  return `The servers differ after\n${program}\n${errorInstance instanceof Error ? errorInstance.message : String(errorInstance)}`
}
