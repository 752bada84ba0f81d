// Tests of vitest, run in a process of their own.
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const PROGRAMS = join(__dirname, 'programs')
const VITEST = join(__dirname, '..', '..', 'node_modules', 'vitest', 'vitest.mjs')

interface Report {
  readonly testResults: readonly { readonly assertionResults: readonly Assertion[] }[]
}

interface Assertion {
  readonly status: string
  readonly failureMessages: readonly string[]
}

/** Runs `test/support/programs/NAME.vitest.ts`. Gives for each of its tests `'passed'`, or why it failed. */
export async function runTests(name: string, env: Readonly<Record<string, string>>): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'vitest-'))
  const reportFile = join(folder, 'report.json')
  const flags = ['--root', PROGRAMS, '--reporter=json', '--outputFile', reportFile]
  try {
    // Failed tests end it with an error, too.
    await promisify(execFile)(process.execPath, [VITEST, 'run', ...flags, `${name}.vitest.ts`], {
      env: { ...process.env, ...env },
    }).catch(() => undefined)
    const { testResults } = JSON.parse(await readFile(reportFile, 'utf8')) as Report
    return testResults
      .flatMap(({ assertionResults }) => assertionResults)
      .map(({ status, failureMessages }) => (status === 'passed' ? status : failureMessages.join('\n')))
  } finally {
    await rm(folder, { recursive: true })
  }
}
