// Runs programs one after the other, each with a time limit and with empty maps, and prints of each what it printed and
// what is wrong: it failed, left something open, or did not end. After one that did not end, nothing more is run.
import { setImmediate as nextTurn } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { inspect } from 'node:util'
import { Session } from '../../../src/index'
import { leftOpen, openResources } from '../open-resources'

interface Program {
  readonly file: string
  readonly maps: readonly string[]
}

interface Outcome {
  readonly printed: string
  readonly failures: readonly string[]
  readonly ended: boolean
}

let printed = ''
let failures: unknown[] = []

async function run(file: string, seconds: number): Promise<Outcome> {
  printed = ''
  failures = []
  const before = openResources()
  const ended = await endsWithin(seconds, import(pathToFileURL(file).href))
  if (!ended) failures.push(`It did not end within ${seconds} s.`)
  await nextTurn() // Warnings are told late.
  if (failures.length === 0) {
    const left = await leftOpen(before)
    if (left.length > 0) failures.push(`It left open: ${left.join(', ')}`)
  }
  const texts = failures.map((failure) => (typeof failure === 'string' ? failure : inspect(failure)))
  return { printed, failures: texts, ended }
}

async function endsWithin(seconds: number, program: Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const limit = new Promise<boolean>((resolve) => {
    timer = setTimeout(resolve, seconds * 1_000, false)
  })
  const end = program.then(
    () => true,
    (error: unknown) => {
      failures.push(error)
      return true
    },
  )
  const ended = await Promise.race([end, limit])
  clearTimeout(timer)
  return ended
}

async function removeMaps(names: readonly string[]): Promise<void> {
  if (names.length === 0) return
  await using session = await Session.create()
  for (const name of names) await (await session.getMap(name)).destroy()
}

async function main(): Promise<void> {
  const { programs, seconds } = JSON.parse(process.argv[2] ?? '') as {
    programs: readonly Program[]
    seconds: number
  }
  const report = process.stdout.write.bind(process.stdout)
  for (const stream of [process.stdout, process.stderr]) {
    stream.write = (text: string | Uint8Array): boolean => {
      printed += String(text)
      return true
    }
  }
  for (const event of ['uncaughtException', 'warning'] as const) {
    process.on(event, (error: unknown) => failures.push(error))
  }
  for (const { file, maps } of programs) {
    await removeMaps(maps)
    const outcome = await run(file, seconds)
    report(`${JSON.stringify(outcome)}\n`)
    if (!outcome.ended) process.exit()
  }
}

void main()
