// Runs the development tools of this project, each with the Node.js that runs this script.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'

export interface ToolResult {
  readonly status: number | null
  readonly output: string
}

export interface RunOptions {
  readonly cwd?: string
  readonly env?: NodeJS.ProcessEnv
  /** After this time the program is killed, and its status is `null`. */
  readonly timeoutSeconds?: number
}

const ROOT = join(__dirname, '..')
const DEFAULT_TIMEOUT_SECONDS = 600

/** Runs the command `name` of an installed package; resolves also when it fails. */
export async function runTool(
  packageName: string,
  name: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<ToolResult> {
  return run(process.execPath, [toolPath(packageName, name), ...args], options)
}

/** Runs npm. */
export async function runNpm(args: readonly string[], options: RunOptions = {}): Promise<ToolResult> {
  const npm = process.env['npm_execpath']
  return npm?.endsWith('.js') === true && existsSync(npm)
    ? run(process.execPath, [npm, ...args], options)
    : run('npm', args, options)
}

/** Runs a program to its end, its output and errors as one text; rejects only when it cannot be started. */
export function run(
  command: string,
  args: readonly string[],
  { cwd = ROOT, env = process.env, timeoutSeconds = DEFAULT_TIMEOUT_SECONDS }: RunOptions = {},
): Promise<ToolResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: timeoutSeconds * 1_000,
      killSignal: 'SIGKILL',
    })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => (output += text))
    }
    child.on('error', reject)
    child.on('close', (status, signal) => {
      if (signal !== null) output += `\n${command} was ended by ${signal}\n`
      resolve({ status, output })
    })
  })
}

/** The script behind the command `name` of a package that is installed in the project, or in the folder of another. */
export function toolPath(packageName: string, name: string, project = ROOT): string {
  const folder = join(project, 'node_modules', packageName)
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { bin } = require(join(folder, 'package.json')) as { readonly bin: string | Record<string, string> }
  const path = typeof bin === 'string' ? bin : bin[name]
  if (path === undefined) throw new TypeError(`${packageName} has no command ${name}`)
  return join(folder, path)
}
