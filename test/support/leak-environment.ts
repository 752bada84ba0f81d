// The environment of every test file: that of Node.js, and when the file is done, the file has failed if something it
// opened is still open and would keep the process alive: a socket, a server, a process, a timer.
import { Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { TestEnvironment } from 'jest-environment-node'

/** What a closed thing takes to be gone: its close is often reported a turn of the event loop or more later. */
const GRACE_MS = 3_000
const POLL_MS = 20

/** What jest itself opens and closes while a test file runs. */
const OF_JEST = new Set([
  'FSReqCallback',
  'FSReqPromise',
  'CloseReq',
  'WriteWrap',
  'ShutdownWrap',
  'Immediate',
])

class LeakEnvironment extends TestEnvironment {
  #before: ReadonlyMap<string, number> = new Map()

  override async setup(): Promise<void> {
    await super.setup()
    // Tests get a copy of the process, which is told of no warnings.
    Object.defineProperty(this.global, 'processOfTheRun', { value: process })
    openStandardStreams()
    this.#before = openResources()
  }

  override async teardown(): Promise<void> {
    const left = await this.#leftOpen()
    const sockets = openSockets()
    await super.teardown()
    if (left.length > 0) throw new Error(`The tests of this file left open: ${left.join(', ')}${sockets}`)
  }

  async #leftOpen(): Promise<string[]> {
    const deadline = performance.now() + GRACE_MS
    for (;;) {
      const left = [...openResources()].flatMap(([kind, count]) => {
        const more = count - (this.#before.get(kind) ?? 0)
        return more > 0 ? [`${more} ${kind}`] : []
      })
      if (left.length === 0 || performance.now() > deadline) return left
      await delay(POLL_MS)
    }
  }
}

/** In a worker of jest they are pipes, and the first use of one opens it. */
function openStandardStreams(): unknown {
  return [process.stdout, process.stderr]
}

/** The ports of all sockets of this process, to tell which server or client those are of that were left. */
function openSockets(): string {
  const { _getActiveHandles: handles } = process as { _getActiveHandles?: () => unknown[] }
  const sockets = (handles?.call(process) ?? []).filter((handle) => handle instanceof Socket)
  const ends = sockets.flatMap(({ localPort, remotePort }) =>
    localPort === undefined ? [] : [`${localPort} to ${remotePort ?? 'nowhere'}`],
  )
  return ends.length === 0 ? '' : `; sockets from ${ends.join(', ')}`
}

/** How many of each kind keep the process alive now. */
function openResources(): Map<string, number> {
  const counts = new Map<string, number>()
  for (const kind of process.getActiveResourcesInfo()) {
    if (!OF_JEST.has(kind)) counts.set(kind, (counts.get(kind) ?? 0) + 1)
  }
  return counts
}

export default LeakEnvironment
