// The test servers do what the conformance suites rely on: they start in every form, listen on the loopback address
// only, come back after a kill, and never outlive the process that started them.
import { credentials } from '@grpc/grpc-js'
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import { makeCertificates, type CertificateFiles, type Certificates } from './certificates'
import { startCoherence, type CoherenceServer } from './coherence-server'
import { describeWithJava } from './conformance'
import { eventually } from './eventually'
import { freePort, LOOPBACK } from '../../src/testing/real/loopback-ports'
import { addressOf } from './tcp-proxy'
import { statusOfCall } from './status-of-call'

const DEADLINE_EXCEEDED = 4
const UNIMPLEMENTED = 12
const UNAVAILABLE = 14
const DEADLINE_MS = 20_000

jest.setTimeout(120_000)

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

/** What is left when the process is gone, or still there after the deadline. */
async function aliveAfterDeadline(pid: number): Promise<boolean> {
  const deadline = Date.now() + DEADLINE_MS
  while (isAlive(pid) && Date.now() < deadline) await delay(20)
  return isAlive(pid)
}

describeWithJava('a test server', () => {
  let server: CoherenceServer

  beforeAll(async () => {
    server = await startCoherence()
  })

  afterAll(async () => {
    await server.stop()
  })

  it('serves gRPC when it is started', async () => {
    expect(server.address).toMatch(/^127\.0\.0\.1:\d+$/)
    expect(server.addresses).toEqual([server.address])
    expect(await statusOfCall(server.address)).toBe(UNIMPLEMENTED)
  })

  const onLinux = process.platform === 'linux' ? it : it.skip
  onLinux('listens on the loopback address only', async () => {
    const sockets = await loopbackAndOther(server.pid)
    expect(sockets.loopback).toContain(server.address)
    expect(sockets.loopback).toContain(`${LOOPBACK}:${server.clusterPort}`)
    expect(sockets.other).toEqual([])
  })

  it('comes back on the same port after kill() and after terminate()', async () => {
    const { address, pid } = server
    await expect(server.restart()).rejects.toThrow('call kill() or terminate()')
    await server.kill()
    expect(isAlive(pid)).toBe(false)
    expect(await statusOfCall(address)).toBe(UNAVAILABLE)
    await server.restart()
    expect(server.address).toBe(address)
    expect(server.pid).not.toBe(pid)
    expect(await statusOfCall(address)).toBe(UNIMPLEMENTED)
    await server.terminate()
    expect(isAlive(server.pid)).toBe(false)
    await server.restart()
    expect(await statusOfCall(address)).toBe(UNIMPLEMENTED)
  })

  it('answers nothing while it is suspended', async () => {
    server.suspend()
    // The signal takes effect a moment later, when a call may have been answered.
    await eventually(
      async () =>
        (await statusOfCall(server.address, credentials.createInsecure(), 500)) === DEADLINE_EXCEEDED,
    )
    server.resume()
    expect(await statusOfCall(server.address)).toBe(UNIMPLEMENTED)
  })
})

describeWithJava('a test server of two members', () => {
  it('is one cluster, of which one member can be killed and started again', async () => {
    await using server = await startCoherence({ members: 2 })
    expect(server.addresses).toHaveLength(2)
    const [first, second] = server.members
    expect(second?.membersAtStart).toBe(2)
    await first?.kill()
    expect(await statusOfCall(second?.address ?? '')).toBe(UNIMPLEMENTED)
    await server.restart()
    expect(first?.membersAtStart).toBe(2)
    expect(await statusOfCall(server.address)).toBe(UNIMPLEMENTED)
  })
})

describeWithJava('a test server with TLS', () => {
  let certificates: Certificates

  beforeAll(async () => {
    certificates = await makeCertificates()
  })

  afterAll(async () => {
    await certificates.remove()
  })

  async function statusWithTls(
    address: string,
    ca: CertificateFiles,
    client?: CertificateFiles,
  ): Promise<number> {
    const key = client === undefined ? null : await readFile(client.keyPath)
    const chain = client === undefined ? null : await readFile(client.certPath)
    return statusOfCall(address, credentials.createSsl(await readFile(ca.certPath), key, chain))
  }

  it('serves only clients that trust its CA and have a certificate when it authenticates them', async () => {
    await using server = await startCoherence({
      tls: { ...certificates.server, caPath: certificates.ca.certPath, clientAuthentication: true },
    })
    expect(await statusWithTls(server.address, certificates.ca, certificates.client)).toBe(UNIMPLEMENTED)
    expect(await statusWithTls(server.address, certificates.otherCa, certificates.client)).toBe(UNAVAILABLE)
    expect(await statusOfCall(server.address)).toBe(UNAVAILABLE)
    expect(await statusWithTls(server.address, certificates.ca)).toBe(UNAVAILABLE)
    expect(await statusWithTls(server.address, certificates.ca, certificates.otherClient)).toBe(UNAVAILABLE)
    if (process.platform === 'linux') expect((await loopbackAndOther(server.pid)).other).toEqual([])
  })
})

describeWithJava('a test server that cannot start', () => {
  it('is reported at once, with the end of its output', async () => {
    const start = startCoherence({ properties: { 'coherence.cacheconfig': 'no-such-file.xml' } })
    await expect(start).rejects.toThrow(/ended while it started[^]*no-such-file\.xml/)
  })

  it('tries other ports when one is taken, and then says so', async () => {
    const taken = createServer().listen(await freePort(), LOOPBACK)
    await once(taken, 'listening')
    const port = addressOf(taken).split(':')[1] ?? ''
    try {
      const start = startCoherence({ properties: { 'coherence.grpc.server.port': port } })
      await expect(start).rejects.toMatchObject({ name: 'ServerStartError', portTaken: true })
    } finally {
      taken.close()
      await once(taken, 'close')
    }
  })
})

describeWithJava('a test server whose process dies', () => {
  it.each([
    ['SIGKILL', []],
    ['SIGTERM', []],
    ['SIGKILL', ['suspended']],
  ] as const)('is gone after %s %j', async (signal, args) => {
    const program = join(__dirname, 'start-and-wait.ts')
    const parent = spawn(process.execPath, ['--import', 'tsx', program, ...args], {
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    const ended = once(parent, 'close')
    const [line] = (await once(parent.stdout, 'data')) as [Buffer]
    const pid = Number(line.toString())
    expect(isAlive(pid)).toBe(true)
    parent.kill(signal)
    const [status, endedBy] = (await ended) as [number | null, string | null]
    expect([status, endedBy]).toEqual([null, signal])
    expect(await aliveAfterDeadline(pid)).toBe(false)
  })
})

async function loopbackAndOther(pid: number): Promise<{ loopback: string[]; other: string[] }> {
  const { stdout } = await promisify(execFile)('ss', ['-Hltnup'])
  const addresses = stdout
    .split('\n')
    .filter((line) => line.includes(`pid=${pid},`))
    .map((line) => line.trim().split(/\s+/)[4] ?? '')
  const isLoopback = (address: string): boolean => address.startsWith(`${LOOPBACK}:`)
  return {
    loopback: addresses.filter(isLoopback),
    other: addresses.filter((address) => !isLoopback(address)),
  }
}
