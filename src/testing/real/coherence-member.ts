// One JVM with a Coherence server in it: starting it on given ports, knowing when it serves, and making sure that it
// never outlives this process. Test servers are made of these.
import { spawn, type ChildProcessByStdio } from 'node:child_process'
import { once } from 'node:events'
import { connect, Socket } from 'node:net'
import type { Readable, Writable } from 'node:stream'
import { clearTimeout, now, setTimeout } from '../../async/real-time'
import { LOOPBACK } from './loopback-ports'

const LOG_LENGTH = 64 * 1024
const LOG_TAIL = 4_000
const POLL_MS = 20
const TERMINATION_GRACE_MS = 10_000
const STARTED = /^coherence-test-server started, members: (\d+)$/m
const PORT_TAKEN = /already in use|BindException|failed to bind/i
const ENDING_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

type ServerProcess = ChildProcessByStdio<Writable, Readable, Readable>

interface Run {
  readonly child: ServerProcess
  readonly gone: Promise<void>
}

export interface MemberCommand {
  readonly java: string
  readonly args: readonly string[]
  readonly env: NodeJS.ProcessEnv
  readonly port: number
}

/** A server did not start; `portTaken` says that other ports may help. */
export class ServerStartError extends Error {
  override readonly name = 'ServerStartError'
  readonly portTaken: boolean

  constructor(message: string, portTaken: boolean) {
    super(message)
    this.portTaken = portTaken
  }
}

export class CoherenceMember {
  readonly address: string
  readonly #command: MemberCommand
  readonly #startTimeoutMs: number
  #run: Run | undefined
  #pid = 0
  #membersAtStart = 0
  #log = ''
  #releaseSuspended: (() => void) | undefined

  constructor(command: MemberCommand, startTimeoutMs: number) {
    this.#command = command
    this.#startTimeoutMs = startTimeoutMs
    this.address = `${LOOPBACK}:${command.port}`
  }

  /** The process id of the JVM, the last one's when none runs. */
  get pid(): number {
    return this.#pid
  }

  get running(): boolean {
    return this.#run !== undefined
  }

  /** How many members the cluster had when this one had joined it. */
  get membersAtStart(): number {
    return this.#membersAtStart
  }

  /** The end of what the last run wrote to its standard output and error. */
  get log(): string {
    return this.#log
  }

  /** Starts the JVM; resolves when it serves gRPC and all it stores has its backups. */
  async start(): Promise<void> {
    if (this.#run !== undefined) {
      throw new Error(
        `The server at ${this.address} runs: call kill() or terminate() before it is started again`,
      )
    }
    this.#log = ''
    const { java, args, env, port } = this.#command
    const child = spawn(java, args, { stdio: ['pipe', 'pipe', 'pipe'], env })
    let failure: Error | undefined
    child.on('error', (error) => (failure = error))
    child.stdin.on('error', () => undefined) // It breaks when the JVM dies; that is told by 'close'.
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        this.#log = (this.#log + text).slice(-LOG_LENGTH)
      })
    }
    const run: Run = { child, gone: new Promise((resolve) => child.once('close', () => resolve())) }
    this.#run = run
    this.#pid = child.pid ?? 0
    endWithThisProcess(child)
    void run.gone.then(() => {
      if (this.#run === run) this.#run = undefined
    })
    keepAlive(child, false)

    const deadline = now() + this.#startTimeoutMs
    for (;;) {
      if (this.#run !== run) {
        const reason = failure?.message ?? `exit status ${String(child.exitCode ?? child.signalCode)}`
        throw this.#startError(`ended while it started (${reason})`)
      }
      const members = STARTED.exec(this.#log)?.[1]
      if (members !== undefined && (await accepts(port))) {
        this.#membersAtStart = Number(members)
        return
      }
      if (PORT_TAKEN.test(this.#log)) {
        await this.kill()
        throw this.#startError('found one of its ports taken')
      }
      if (now() > deadline) {
        await this.kill()
        throw this.#startError(`did not start within ${this.#startTimeoutMs} ms`)
      }
      await new Promise<void>((resolve) => setTimeout(resolve, POLL_MS))
    }
  }

  /** SIGKILL; resolves when the JVM is gone. */
  async kill(): Promise<void> {
    const run = this.#run
    if (run === undefined) return
    keepAlive(run.child, true)
    run.child.kill('SIGKILL')
    await run.gone
    this.#release()
  }

  /** SIGTERM, and SIGKILL if the JVM is not gone after a grace time. */
  async terminate(): Promise<void> {
    const run = this.#run
    if (run === undefined) return
    this.resume()
    keepAlive(run.child, true)
    run.child.kill('SIGTERM')
    const grace = setTimeout(() => run.child.kill('SIGKILL'), TERMINATION_GRACE_MS)
    await run.gone
    clearTimeout(grace)
  }

  /** SIGSTOP: connections stay open, nothing is answered. */
  suspend(): void {
    const run = this.#run
    if (run === undefined)
      throw new Error(`The server at ${this.address} does not run, it cannot be suspended`)
    if (this.#releaseSuspended !== undefined) return
    this.#releaseSuspended = killWhenOrphaned(this.#pid)
    run.child.kill('SIGSTOP')
  }

  /** SIGCONT. */
  resume(): void {
    this.#run?.child.kill('SIGCONT')
    this.#release()
  }

  #release(): void {
    this.#releaseSuspended?.()
    this.#releaseSuspended = undefined
  }

  #startError(what: string): ServerStartError {
    return new ServerStartError(
      `The Coherence server at ${this.address} ${what}. The end of its output:\n${this.#log.slice(-LOG_TAIL)}`,
      PORT_TAKEN.test(this.#log),
    )
  }
}

async function accepts(port: number): Promise<boolean> {
  const socket = connect(port, LOOPBACK)
  try {
    await once(socket, 'connect')
    return true
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}

/** A server nobody stopped must not keep this process alive; one that is being waited for must. */
function keepAlive(child: ServerProcess, alive: boolean): void {
  for (const handle of [child, child.stdin, child.stdout, child.stderr]) {
    if (handle !== child && !(handle instanceof Socket)) continue
    if (alive) handle.ref()
    else handle.unref()
  }
}

/**
 * A stopped JVM cannot see its standard input end. While it is stopped a shell watches in its place: it kills the JVM
 * when the pipe from this process ends without a word.
 */
function killWhenOrphaned(pid: number): () => void {
  const script = 'trap "" INT TERM HUP; read word || kill -KILL "$1"'
  const shell = spawn('/bin/sh', ['-c', script, 'sh', String(pid)], { stdio: ['pipe', 'ignore', 'ignore'] })
  shell.on('error', () => undefined)
  shell.stdin.on('error', () => undefined)
  shell.unref()
  if (shell.stdin instanceof Socket) shell.stdin.unref()
  return () => void shell.stdin.end('resumed\n')
}

const running = new Set<ServerProcess>()

function endWithThisProcess(child: ServerProcess): void {
  if (running.size === 0) {
    process.on('exit', killAll)
    for (const signal of ENDING_SIGNALS) process.on(signal, killAllAndEnd)
  }
  running.add(child)
  child.once('close', () => {
    if (!running.delete(child) || running.size > 0) return
    process.off('exit', killAll)
    for (const signal of ENDING_SIGNALS) process.off(signal, killAllAndEnd)
  })
}

function killAll(): void {
  for (const child of running) child.kill('SIGKILL')
}

/** Does what the signal would have done without this listener, unless somebody else listens and decides. */
function killAllAndEnd(signal: NodeJS.Signals): void {
  killAll()
  if (process.listenerCount(signal) > 1) return
  process.off(signal, killAllAndEnd)
  process.kill(process.pid, signal)
}
