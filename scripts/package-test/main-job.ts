// Has a consumer do the main job on a server, and compares what it says with what it has to say.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Consumer } from './consumer'
import { type MainJobServer, startEmbeddedServer } from './main-job-servers'
import type { Project } from './project'
import { runCommand, type Command } from './tools'

const BUILD_SECONDS = 120
const RUN_SECONDS = 60
const MOST_LINES = 60
const LONGEST_LINE = 300

/** What is wrong with the consumer on the embedded server, and on the real one where there is one. */
export async function faultsOf(
  consumer: Consumer,
  project: Project,
  realServer: MainJobServer | undefined,
): Promise<string[]> {
  const { files = {}, build, runs } = consumer
  await project.write(files)
  if (build !== undefined) {
    const options = { cwd: project.folder, env: environment(), timeoutSeconds: BUILD_SECONDS }
    const { status, output } = await runCommand(build, options)
    if (status !== 0) return [`it cannot be built: ${shortened(output)}`]
  }
  const faults: string[] = []
  for (const run of runs) {
    await using embeddedServer = await startEmbeddedServer()
    faults.push(...(await faultsOn(embeddedServer, consumer, run, project)))
    if (realServer !== undefined) faults.push(...(await faultsOn(realServer, consumer, run, project)))
  }
  return faults
}

async function faultsOn(
  server: MainJobServer,
  { folder = '.', env = {}, says, hasOwnServer = false }: Consumer,
  run: Command,
  project: Project,
): Promise<string[]> {
  const { status, output } = await runCommand(run, {
    cwd: join(project.folder, folder),
    env: { ...environment(), MAIN_JOB_ADDRESS: server.address, ...env },
    timeoutSeconds: RUN_SECONDS,
  })
  const expected = await readFile(join(project.folder, 'expected.txt'), 'utf8')
  const isRight = says === undefined ? output === expected : says.test(output)
  const faults = hasOwnServer ? [] : [...server.faults]
  if (status !== 0) faults.push(`it ended with ${String(status)} and said:\n${shortened(output)}`)
  else if (!isRight) faults.push(`it said something else:\n${differences(expected, output)}`)
  return faults.map((fault) => `on ${server.name}: ${fault}`)
}

/** The lines that are not the same. */
function differences(expected: string, said: string): string {
  const wanted = expected.split('\n')
  const lines = said.split('\n')
  return Array.from({ length: Math.max(wanted.length, lines.length) }, (_, index) => index)
    .filter((index) => wanted[index] !== lines[index])
    .map((index) => `- ${wanted[index] ?? ''}\n+ ${lines[index] ?? ''}`)
    .join('\n')
}

/** The environment without what would change the library's defaults, or how programs look. */
function environment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(COHERENCE_|FORCE_COLOR$|NODE_OPTIONS$)/.test(name),
  )
  return { ...Object.fromEntries(kept), NO_COLOR: '1' }
}

/** Bundles have long lines, of which a stack shows the one where the error was thrown. */
function shortened(output: string): string {
  const lines = output.trim().split('\n')
  return lines
    .slice(0, MOST_LINES)
    .map((line) => (line.length > LONGEST_LINE ? `${line.slice(0, LONGEST_LINE)} ...` : line))
    .join('\n')
}
