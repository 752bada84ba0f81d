// `npm run soak`: uses a session on a real cluster while things go wrong at random, and checks that nothing is lost.
import { parseArgs } from 'node:util'
import { idle } from '../test/soak/idle'
import { soak, type SoakOptions, type SoakReport } from '../test/soak/soak'
import { textTable } from './text-table'

const USAGE = `npm run soak -- [options]

  --minutes N       how long; 1 where left out
  --seed N          which faults there are, and what is called; random where left out
  --fault-every N   the mean time between two faults in seconds, 2 where left out
  --embedded        on the embedded server, which takes neither Java nor Maven
  --idle            without calls and faults: a session that only listens keeps its connection`

const MOST_SEED = 2 ** 32

interface Options extends SoakOptions {
  readonly help: boolean
  readonly isIdle: boolean
}

/** @throws {TypeError} an option is wrong. */
function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      help: { type: 'boolean', default: false },
      minutes: { type: 'string', default: '1' },
      seed: { type: 'string', default: String(Math.floor(Math.random() * MOST_SEED)) },
      'fault-every': { type: 'string', default: '2' },
      embedded: { type: 'boolean', default: false },
      idle: { type: 'boolean', default: false },
    },
  })
  const seed = Number(values.seed)
  if (!Number.isInteger(seed) || seed < 0)
    throw new TypeError(`--seed is '${values.seed}'; pass a whole number`)
  return {
    help: values.help,
    isIdle: values.idle,
    seconds: positive('minutes', values.minutes) * 60,
    seed,
    faultEverySeconds: positive('fault-every', values['fault-every']),
    servers: values.embedded ? 'embedded' : 'cluster',
    log: (line) => console.log(line),
  }
}

function positive(option: string, text: string): number {
  const number = Number(text)
  if (number > 0) return number
  throw new TypeError(`--${option} is '${text}'; pass a number above 0`)
}

function print(report: SoakReport, seed: number): void {
  const { description, faults, calls, samples, heap, violations } = report
  const rows = [...calls]
    .sort(([one], [other]) => one.localeCompare(other))
    .map(([name, { answered, failed }]) => [name, String(answered), String(failed)])
  const perMinute = samples.filter(
    ({ minute }, index) => Math.floor(minute) !== Math.floor(samples[index - 1]?.minute ?? -1),
  )
  const memory = perMinute.map(({ minute, megabytes, handles }) => [
    minute.toFixed(1),
    megabytes.toFixed(1),
    String(handles),
  ])
  console.log(`
${textTable(['call', 'answered', 'failed'], rows)}

${textTable(
  ['fault', 'times'],
  [...faults].map(([name, times]) => [name, String(times)]),
)}

${textTable(['minute', 'heap MB', 'handles'], memory)}

${description}, seed ${seed}
${report.disconnections} lost connections, ${report.events} events, ${report.gaps} gaps
the longest call took ${(report.longestCallMillis / 1_000).toFixed(1)} s
${
  heap === undefined
    ? 'too short to say how the heap grows'
    : `the heap has ${heap.meanMegabytes.toFixed(1)} MB and grows by ${heap.megabytesPerMinute.toFixed(3)} MB each minute, ` +
      `± ${heap.error.toFixed(3)}, by ${(heap.growth * 100).toFixed(1)} % in all`
}`)
  console.log(violations.length === 0 ? 'nothing was wrong' : `seed ${seed}:\n${violations.join('\n')}`)
}

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2))
  if (options.help) {
    console.log(USAGE)
    return
  }
  if (options.isIdle) {
    const wrong = await idle(options.seconds, (line) => console.log(line))
    console.log(wrong.length === 0 ? 'nothing was wrong' : wrong.join('\n'))
    if (wrong.length > 0) process.exitCode = 1
    return
  }
  console.log(`seed ${options.seed}, ${options.seconds} s, a fault every ${options.faultEverySeconds} s`)
  const report = await soak(options)
  print(report, options.seed)
  if (report.violations.length > 0) process.exitCode = 1
}

main().catch((error: unknown) => {
  console.error(error instanceof TypeError ? error.message : error)
  process.exitCode = 1
})
