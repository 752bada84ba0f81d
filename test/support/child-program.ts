// A program of a test in a process of its own: what it printed, how it ended, and whether it ended by itself.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

const ROOT = join(__dirname, '..', '..')

export interface ProgramEnd {
  /** What it printed, one JSON value in each line. */
  readonly printed: readonly unknown[]
  /** What it wrote to standard error: warnings and crashes. */
  readonly errors: string
  /** 0 where it ended by itself and without an uncaught error, `null` where it had to be killed. */
  readonly status: number | null
}

/** Runs a TypeScript program of `test/support/programs`, which has `seconds` to end by itself. */
export async function runProgram(
  name: string,
  argument: unknown,
  { env = {}, seconds = 40 }: { env?: Readonly<Record<string, string>>; seconds?: number } = {},
): Promise<ProgramEnd> {
  const program = join(__dirname, 'programs', `${name}.ts`)
  const child = spawn(process.execPath, ['--import', 'tsx', program, JSON.stringify(argument)], {
    cwd: ROOT,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  let errors = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text))
  const timer = setTimeout(() => child.kill('SIGKILL'), seconds * 1_000)
  await once(child, 'close')
  clearTimeout(timer)
  const lines = output.split('\n').filter((line) => line !== '')
  return { printed: lines.map((line) => JSON.parse(line) as unknown), errors, status: child.exitCode }
}
