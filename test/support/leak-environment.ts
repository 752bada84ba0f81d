// The environment of every test file: that of Node.js, and when the file is done, the file has failed if something it
// opened is still open and would keep the process alive: a socket, a server, a process, a timer.
import { Socket } from 'node:net'
import type { Circus } from '@jest/types'
import { TestEnvironment } from 'jest-environment-node'
import { leftOpen, openResources } from './open-resources'

class LeakEnvironment extends TestEnvironment {
  #before = openResources()
  /** The errors of tests that failed, which jest does not show if the file fails as a whole. */
  readonly #failures: string[] = []

  override async setup(): Promise<void> {
    await super.setup()
    // Tests get a copy of the process, which is told of no warnings.
    Object.defineProperty(this.global, 'processOfTheRun', { value: process })
    openStandardStreams()
    this.#before = openResources()
  }

  handleTestEvent(event: Circus.Event): void {
    if (event.name === 'test_fn_failure' || event.name === 'hook_failure')
      this.#failures.push(`${event.test?.name ?? 'a hook'}: ${String(event.error)}`)
  }

  override async teardown(): Promise<void> {
    const left = await leftOpen(this.#before)
    const sockets = openSockets()
    await super.teardown()
    if (left.length === 0) return
    const failures = this.#failures.map((failure) => `\nIt has a test that failed: ${failure}`).join('')
    throw new Error(`The tests of this file left open: ${left.join(', ')}${sockets}${failures}`)
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

export default LeakEnvironment
