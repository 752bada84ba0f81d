// The clients that can be measured, and what it takes to have them: built, installed, or left out with a reason.
import { access, cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { ModuleKind, ScriptTarget, transpileModule } from 'typescript'
import { run, runNpm } from '../scripts/run-tool'
import type { Operation } from './measured/job'
import type { Command } from './processes'

export interface Client {
  readonly name: string
  readonly label: string
  readonly command: Command
  /** Where its process loads it from. */
  readonly module: string
  /** What it can do; everything where left out. */
  readonly operations?: readonly Operation[]
  /** Whether it starts like an empty process of Node.js, which is subtracted then. */
  readonly onNode: boolean
  /** Whether it speaks the protocol v1. */
  readonly speaksV1: boolean
}

/** Why a client cannot be measured here, for people. */
export class ClientMissing extends Error {}

const HERE = __dirname
const ROOT = join(HERE, '..')
const CACHE = join(ROOT, '.cache', 'bench')
const MEASURED = join(CACHE, 'measured')
const GO_MODULE = 'github.com/oracle/coherence-go-client/v2'
const ENTRY = 'index.js'

/** Compiles what runs in the measured processes: nothing but plain JavaScript may load there. */
export async function compileMeasured(): Promise<void> {
  await mkdir(MEASURED, { recursive: true })
  for (const name of await readdir(join(HERE, 'measured'))) {
    const text = await readFile(join(HERE, 'measured', name), 'utf8')
    const { outputText } = transpileModule(text, {
      fileName: name,
      compilerOptions: { module: ModuleKind.CommonJS, target: ScriptTarget.ES2022, esModuleInterop: true },
    })
    await writeFile(join(MEASURED, name.replace(/\.ts$/, '.js')), outputText)
  }
}

/** A process of Node.js that does nothing. */
export const NOTHING: Command = measured('nothing')

/** @throws {ClientMissing} it cannot be measured here. */
export async function prepareClient(name: string, build: string, before: string): Promise<Client> {
  const node = { command: measured(name), onNode: true, speaksV1: true }
  switch (name) {
    case 'ours':
      return { ...node, name, label: 'coherence-ts', module: await builtModule(build) }
    case 'before':
      return {
        ...node,
        name,
        label: 'coherence-ts, before',
        command: measured('ours'),
        module: await builtModule(before),
      }
    case 'official':
      return {
        ...node,
        name,
        label: '@oracle/coherence 1.2.3',
        module: await officialModule(),
        speaksV1: false,
      }
    case 'raw':
      return { ...node, name, label: 'raw node:http2', module: '', operations: ['get'] }
    case 'go':
      return {
        name,
        label: 'Go client 2.x',
        command: { program: await goProgram(), args: [] },
        module: '',
        operations: ['get', 'set', 'getAll', 'setAll', 'iterate', 'first'],
        onNode: false,
        speaksV1: true,
      }
    case 'python':
      return {
        name,
        label: 'Python client 2.x',
        command: { program: await pythonProgram(), args: [join(HERE, 'python', 'measure.py')] },
        module: '',
        operations: ['get', 'set', 'getAll', 'setAll', 'iterate', 'first'],
        onNode: false,
        speaksV1: true,
      }
  }
  throw new TypeError(`There is no client '${name}'; there are ours, before, official, raw, go and python`)
}

function measured(client: string): Command {
  return { program: process.execPath, args: [join(MEASURED, 'main.js'), client] }
}

async function builtModule(build: string): Promise<string> {
  const module = join(build, ENTRY)
  if (await exists(module)) return module
  throw new ClientMissing(`there is no build in ${build}; run 'npm run build'`)
}

async function officialModule(): Promise<string> {
  const module = join(HERE, 'node_modules', '@oracle', 'coherence')
  if (!(await exists(module))) {
    const { status, output } = await runNpm(['ci', '--ignore-scripts'], { cwd: HERE })
    if (status !== 0) throw new ClientMissing(`npm ci failed in ${HERE}:\n${output}`)
  }
  return module
}

/** With the module of the Go proxy, or with the source tree of the client that COHERENCE_GO_CLIENT names. */
async function goProgram(): Promise<string> {
  const folder = join(CACHE, 'go')
  const program = join(folder, 'measure')
  await cp(join(HERE, 'go'), folder, { recursive: true })
  const source = process.env['COHERENCE_GO_CLIENT']
  const steps = [
    ...(source === undefined ? [] : [['mod', 'edit', `-replace=${GO_MODULE}=${resolve(source)}`]]),
    ['mod', 'tidy'],
    ['build', '-o', program, '.'],
  ]
  for (const step of steps) await built('go', run('go', step, { cwd: folder }), program)
  return program
}

/** In an environment of its own, or else the `python3` of the system where that has the client. */
async function pythonProgram(): Promise<string> {
  const own = join(CACHE, 'python', 'bin', 'python')
  const program = (await exists(own)) ? own : 'python3'
  return built('python', run(program, ['-c', 'import coherence']), program)
}

async function built(name: string, work: ReturnType<typeof run>, program: string): Promise<string> {
  try {
    const { status, output } = await work
    if (status === 0) return program
    throw new ClientMissing(output.trim().split('\n').at(-1) ?? `${name} failed`)
  } catch (error) {
    throw error instanceof ClientMissing ? error : new ClientMissing(String(error))
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
