// Runs the programs of the documentation as they stand there, against the servers and with the files that they name.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { DocProgram } from '../../scripts/check/doc-examples'
import { type ProgramEnd, runProgram } from './child-program'

const FOLDER = join(__dirname, '..', '..', '.cache')
const MAP = /\bget(?:Map|Cache)\b[^(]*\(\s*'([^']+)'/g
const HOST = /\b(?:[\w-]+\.)*example\.com:\d+|\blocalhost:\d+/g
const FILES = /\/etc\/coherence\//g
/** For one program: most take a tenth of a second. */
const SECONDS = 15
/** For all programs of a process. */
const PATIENCE_SECONDS = 120

/** What stands in for the servers and files that the documentation names. */
export interface Surroundings {
  /** The address of the server that programs use without TLS. */
  readonly plain: string
  /** The address of the server that programs with `tlsOptions` use. */
  readonly tls: string
  /** The folder that stands for `/etc/coherence`. */
  readonly files: string
  /** The certificate of the authority that the process trusts. */
  readonly trusted: string
}

interface Outcome {
  readonly printed: string
  readonly failures: readonly string[]
}

/** What is wrong with each program: `undefined` where it ended by itself, closed what it opened, and printed what it says. */
export async function runDocPrograms(
  programs: readonly DocProgram[],
  surroundings: Surroundings,
  { seconds = SECONDS } = {},
): Promise<(string | undefined)[]> {
  await mkdir(FOLDER, { recursive: true })
  const folder = await mkdtemp(join(FOLDER, 'docs-'))
  try {
    const outcomes: Outcome[] = []
    // One that does not end takes its process with it; the next ones get another.
    while (outcomes.length < programs.length) {
      const rest = programs.slice(outcomes.length)
      outcomes.push(...(await runInTurn(rest, surroundings, folder, seconds)))
    }
    return programs.map((program, index) => faultOf(program, outcomes[index]))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function runInTurn(
  programs: readonly DocProgram[],
  surroundings: Surroundings,
  folder: string,
  seconds: number,
): Promise<Outcome[]> {
  const files = programs.map(async ({ name, text }) => {
    const file = join(folder, name)
    await writeFile(file, placed(text, surroundings))
    return { file, maps: [...text.matchAll(MAP)].map(([, map]) => map) }
  })
  const end = await runProgram(
    'run-doc-programs',
    { programs: await Promise.all(files), seconds },
    {
      env: { COHERENCE_SERVER_ADDRESS: surroundings.plain, NODE_EXTRA_CA_CERTS: surroundings.trusted },
      seconds: PATIENCE_SECONDS,
    },
  )
  const outcomes = end.printed as Outcome[]
  return outcomes.length > 0 ? outcomes : [{ printed: '', failures: [endOf(end)] }]
}

function endOf({ status, errors }: ProgramEnd): string {
  return `Its process ended with ${String(status)}. ${errors}`
}

/** The program with the servers and files that are there. */
function placed(text: string, { plain, tls, files }: Surroundings): string {
  const address = text.includes('tlsOptions') ? tls : plain
  return text.replaceAll(HOST, address).replaceAll(FILES, `${files}/`)
}

function faultOf({ text, prints }: DocProgram, outcome: Outcome | undefined): string | undefined {
  if (outcome === undefined) return 'It was not run.'
  if (outcome.failures.length > 0) return [...outcome.failures, `\n${text}`].join('\n')
  const expected = prints === undefined ? undefined : `${prints.join('\n')}\n`
  if (expected === undefined || expected === outcome.printed) return undefined
  return `It says that it prints\n${expected}and prints\n${outcome.printed}\n${text}`
}
