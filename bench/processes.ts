// Runs one measured process to its end.
import { spawn } from 'node:child_process'
import type { Result } from './measured/job'

const LONGEST_RUN_MS = 300_000

/** How a client's process is started; the job comes as the last argument. */
export interface Command {
  readonly program: string
  readonly args: readonly string[]
}

/** What a process told, and how long it took up to that. */
export interface Run {
  readonly result: Result
  readonly wallMillis: number
}

/** Rejects with what the process wrote to its error output. */
export function runMeasured({ program, args }: Command, job: object): Promise<Run> {
  return new Promise((resolve, reject) => {
    const start = performance.now()
    let wallMillis: number | undefined
    const child = spawn(program, [...args, JSON.stringify(job)], {
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: LONGEST_RUN_MS,
    })
    let output = ''
    let errors = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      wallMillis ??= performance.now() - start
      output += text
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text))
    child.on('error', reject)
    child.on('close', (status) => {
      const line = output.trim().split('\n').at(-1) ?? ''
      if (status !== 0 || !line.startsWith('{')) {
        reject(new Error(`${program} ${args.join(' ')} ended with ${status}:\n${errors}${output}`))
        return
      }
      resolve({ result: JSON.parse(line) as Result, wallMillis: wallMillis ?? performance.now() - start })
    })
  })
}
