// Finds the Java that runs the test servers, and says what to install when there is none.
import { spawn } from 'node:child_process'
import { access } from 'node:fs/promises'
import { join } from 'node:path'

export type MissingTool = 'ERR_NO_JAVA' | 'ERR_NO_MAVEN'

/** A tool the test servers need is not installed. */
export class MissingToolError extends Error {
  override readonly name = 'MissingToolError'
  readonly code: MissingTool

  constructor(code: MissingTool, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

export interface JavaInstallation {
  readonly java: string
  readonly javac: string
  /** The feature release: 17, 21, ... */
  readonly release: number
}

export interface CommandResult {
  readonly status: number | null
  readonly output: string
}

const WHAT_TO_INSTALL = 'Install a Java 17 JDK and put it on the PATH or set JAVA_HOME to it'

/** The JDK in JAVA_HOME or else on the PATH; rejects with `ERR_NO_JAVA`. */
export async function findJava(): Promise<JavaInstallation> {
  const home = process.env['JAVA_HOME']
  const command = home === undefined || home === '' ? 'java' : join(home, 'bin', 'java')
  const { status, output } = await run(command, ['-XshowSettings:properties', '-version']).catch(
    (cause: unknown) => {
      throw new MissingToolError('ERR_NO_JAVA', `No Java found (${command}). ${WHAT_TO_INSTALL}.`, { cause })
    },
  )
  const javaHome = /^\s*java\.home = (.+)$/m.exec(output)?.[1]
  const release = Number(/^\s*java\.specification\.version = ([\d.]+)$/m.exec(output)?.[1])
  if (status !== 0 || javaHome === undefined || Number.isNaN(release)) {
    throw new MissingToolError(
      'ERR_NO_JAVA',
      `${command} does not run: ${output.trim()}. ${WHAT_TO_INSTALL}.`,
    )
  }
  if (release < 17) {
    throw new MissingToolError('ERR_NO_JAVA', `${command} is Java ${release}. ${WHAT_TO_INSTALL}.`)
  }
  const javac = join(javaHome, 'bin', 'javac')
  await access(javac).catch((cause: unknown) => {
    throw new MissingToolError('ERR_NO_JAVA', `${javaHome} has no compiler. ${WHAT_TO_INSTALL}.`, { cause })
  })
  return { java: join(javaHome, 'bin', 'java'), javac, release }
}

/** Runs a command to its end; rejects only when it cannot be started. */
export function run(command: string, args: readonly string[]): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env } })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => (output += text))
    }
    child.on('error', reject)
    child.on('close', (status) => resolve({ status, output }))
  })
}
