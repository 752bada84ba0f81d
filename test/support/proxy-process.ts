// The fake proxy of `programs/fake-proxy.ts`, in a process of its own.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

const ROOT = join(__dirname, '..', '..')
const PROGRAM = join(__dirname, 'programs', 'fake-proxy.ts')

export interface ProxyProcess extends AsyncDisposable {
  /** `host:port` */
  readonly address: string
}

export async function startProxyProcess(): Promise<ProxyProcess> {
  const child = spawn(process.execPath, ['--import', 'tsx', PROGRAM], {
    cwd: ROOT,
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const ended = once(child, 'close')
  const [line] = (await Promise.race([once(child.stdout.setEncoding('utf8'), 'data'), ended])) as [unknown]
  if (typeof line !== 'string') throw new Error('The fake proxy ended before it had an address')
  return {
    address: line.trim(),
    async [Symbol.asyncDispose]() {
      child.stdin.end()
      await ended
    },
  }
}
