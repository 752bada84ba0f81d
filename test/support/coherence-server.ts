// A real Coherence server for tests, reachable on the loopback address only: one member or a cluster of two, with or
// without TLS, that can be killed, started again on the same ports, and suspended.
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { coherenceJars, supportClasses } from './coherence-jars'
import { CoherenceMember, ServerStartError, type MemberCommand } from './coherence-member'
import { findJava, MissingToolError, type JavaInstallation } from './java-installation'
import { fromEnvironment } from './conformance-environment'
import { freePort, LOOPBACK } from './loopback-ports'

export type { CoherenceMember } from './coherence-member'

const MODES = ['default', 'json-serializer', 'posix-locale'] as const
/** The release that tests use where they do not ask for another. */
export const REFERENCE_RELEASE = '25.03.2'
const DEFAULT_START_TIMEOUT_MS = 55_000
const ATTEMPTS = 3

export type CoherenceServerMode = (typeof MODES)[number]

export interface CoherenceServerTls {
  readonly keyPath: string
  readonly certPath: string
  readonly caPath: string
  /** Whether clients have to show a certificate signed by the CA. */
  readonly clientAuthentication: boolean
}

export interface CoherenceServerOptions {
  /** The release; without it COHERENCE_TEST_VERSION or else the reference release. */
  readonly version?: string
  /** How the server is set up; without it COHERENCE_TEST_MODE or else `default`. */
  readonly mode?: CoherenceServerMode
  readonly tls?: CoherenceServerTls
  /** Java system properties on top of, and stronger than, the ones every test server gets. */
  readonly systemProperties?: Readonly<Record<string, string>>
  /** The size of the cluster. */
  readonly members?: 1 | 2
  /** The time limit for each member's start. */
  readonly startTimeoutMs?: number
}

/** A started server. Its methods act on all its members; `members` has them one by one. */
export interface CoherenceServer extends AsyncDisposable {
  /** The gRPC address of the first member, `127.0.0.1:port`. */
  readonly address: string
  readonly addresses: readonly string[]
  readonly members: readonly CoherenceMember[]
  readonly version: string
  readonly mode: CoherenceServerMode
  /** The port for cluster members and for the name service. */
  readonly clusterPort: number
  readonly clusterName: string
  /** The process id of the first member. */
  readonly pid: number
  /** The end of the members' output. */
  readonly log: string
  /** SIGKILL; resolves when gone. */
  kill(): Promise<void>
  /** SIGTERM, then SIGKILL after a grace time; resolves when gone. */
  terminate(): Promise<void>
  /** Starts again what was killed or terminated, on the same ports. */
  restart(): Promise<void>
  suspend(): void
  resume(): void
  /** Ends the server for good. */
  stop(): Promise<void>
}

/** Starts a server; resolves when it serves. Rejects with `ERR_NO_JAVA` or `ERR_NO_MAVEN` where it cannot. */
export async function startCoherence(options: CoherenceServerOptions = {}): Promise<CoherenceServer> {
  const version = options.version ?? testVersion()
  const mode = options.mode ?? testMode()
  const installation = await install(version)
  for (let attempt = 1; ; attempt++) {
    const server = await Server.plan(installation, version, mode, options)
    try {
      await server.restart()
      return server
    } catch (error) {
      await server.stop()
      if (!(error instanceof ServerStartError && error.portTaken) || attempt === ATTEMPTS) throw error
    }
  }
}

/** Gets all a start needs, and says what is missing for it if that is a matter of installing something. */
export async function coherenceToolsMissing(): Promise<MissingToolError | undefined> {
  try {
    await install(testVersion())
    return undefined
  } catch (error) {
    if (error instanceof MissingToolError) return error
    throw error
  }
}

interface Installation {
  readonly jars: string
  readonly classes: string
  readonly java: JavaInstallation
}

async function install(version: string): Promise<Installation> {
  const jars = await coherenceJars(version)
  return { jars, classes: await supportClasses(jars), java: await findJava() }
}

class Server implements CoherenceServer {
  readonly members: readonly CoherenceMember[]
  readonly version: string
  readonly mode: CoherenceServerMode
  readonly clusterPort: number
  readonly clusterName: string
  #stopped = false

  private constructor(
    members: readonly CoherenceMember[],
    version: string,
    mode: CoherenceServerMode,
    cluster: { readonly port: number; readonly name: string },
  ) {
    this.members = members
    this.version = version
    this.mode = mode
    this.clusterPort = cluster.port
    this.clusterName = cluster.name
  }

  static async plan(
    installation: Installation,
    version: string,
    mode: CoherenceServerMode,
    options: CoherenceServerOptions,
  ): Promise<Server> {
    const cluster = { port: await freePort(), name: `test-${randomUUID()}` }
    const members: CoherenceMember[] = []
    for (let index = 0; index < (options.members ?? 1); index++) {
      const command = memberCommand(installation, mode, options, cluster, await freePort())
      members.push(new CoherenceMember(command, options.startTimeoutMs ?? DEFAULT_START_TIMEOUT_MS))
    }
    return new Server(members, version, mode, cluster)
  }

  get address(): string {
    return this.#first.address
  }

  get addresses(): readonly string[] {
    return this.members.map((member) => member.address)
  }

  get pid(): number {
    return this.#first.pid
  }

  get log(): string {
    return this.members.map((member) => member.log).join('\n')
  }

  get #first(): CoherenceMember {
    const [first] = this.members
    if (first === undefined) throw new Error('A server has at least one member: ask for 1 or 2')
    return first
  }

  async kill(): Promise<void> {
    await Promise.all(this.members.map((member) => member.kill()))
  }

  async terminate(): Promise<void> {
    await Promise.all(this.members.map((member) => member.terminate()))
  }

  async restart(): Promise<void> {
    if (this.#stopped) throw new Error('The server was stopped for good: start another with startCoherence()')
    const dead = this.members.filter((member) => !member.running)
    if (dead.length === 0) {
      throw new Error(`The server at ${this.address} runs: call kill() or terminate() before restart()`)
    }
    // One after the other: members that start at once may each found a cluster of their own.
    let expected = this.members.length - dead.length
    for (const member of dead) {
      await member.start()
      expected += 1
      if (member.membersAtStart !== expected) {
        throw new Error(
          `The member at ${member.address} is in a cluster of ${member.membersAtStart}, not of ${expected}. ` +
            `Its output:\n${member.log}`,
        )
      }
    }
  }

  suspend(): void {
    for (const member of this.members) member.suspend()
  }

  resume(): void {
    for (const member of this.members) member.resume()
  }

  async stop(): Promise<void> {
    this.#stopped = true
    await this.kill()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
  }
}

function memberCommand(
  { java, jars, classes }: Installation,
  mode: CoherenceServerMode,
  options: CoherenceServerOptions,
  cluster: { readonly port: number; readonly name: string },
  port: number,
): MemberCommand {
  const properties: Record<string, string> = {
    'java.net.preferIPv4Stack': 'true',
    'coherence.cluster': cluster.name,
    'coherence.clusterport': String(cluster.port),
    'coherence.wka': LOOPBACK,
    'coherence.localhost': LOOPBACK,
    // Without it the members also listen for each other on the host's other addresses.
    'coherence.discovery.address': LOOPBACK,
    'coherence.ttl': '0',
    'coherence.grpc.server.port': String(port),
    'coherence.health.http.address': LOOPBACK,
    'coherence.extend.address': LOOPBACK,
    'coherence.system.extend.address': LOOPBACK,
    'coherence.proxy.enabled': 'false',
    'coherence.management': 'none',
    'coherence.management.http': 'none',
    'coherence.metrics.http.enabled': 'false',
    'coherence.log.level': '3',
    ...encodingProperties(mode, java),
    ...(mode === 'json-serializer' ? { 'coherence.serializer': 'json' } : {}),
    ...(options.tls === undefined ? {} : tlsProperties(options.tls)),
    ...options.systemProperties,
  }
  const args = [
    '-Xms128m',
    '-Xmx768m',
    '-XX:+UseSerialGC',
    '-XX:TieredStopAtLevel=1',
    '-cp',
    `${classes}:${join(jars, '*')}`,
    ...Object.entries(properties).map(([name, value]) => `-D${name}=${value}`),
    'WatchedServer',
  ]
  return { java: java.java, args, env: memberEnvironment(mode), port }
}

/** Java from 18 on reads UTF-8 whatever the locale is, unless it is told to do as Java 17 did. */
function encodingProperties(mode: CoherenceServerMode, java: JavaInstallation): Record<string, string> {
  if (mode !== 'posix-locale') return { 'file.encoding': 'UTF-8' }
  return java.release < 18 ? {} : { 'file.encoding': 'COMPAT' }
}

function tlsProperties(tls: CoherenceServerTls): Record<string, string> {
  return {
    'coherence.grpc.server.socketprovider': 'tls-files',
    'coherence.security.key': tls.keyPath,
    'coherence.security.cert': tls.certPath,
    'coherence.security.ca.cert': tls.caPath,
    ...(tls.clientAuthentication ? {} : { 'coherence.security.clientauth': 'none' }),
  }
}

function memberEnvironment(mode: CoherenceServerMode): NodeJS.ProcessEnv {
  if (mode !== 'posix-locale') return { ...process.env }
  const others = Object.entries(process.env).filter(([name]) => !/^(LANG|LANGUAGE|LC_.*)$/.test(name))
  return { ...Object.fromEntries(others), LC_ALL: 'C', LANG: 'C' }
}

function testVersion(): string {
  return fromEnvironment('COHERENCE_TEST_VERSION') ?? REFERENCE_RELEASE
}

function testMode(): CoherenceServerMode {
  const asked = fromEnvironment('COHERENCE_TEST_MODE') ?? 'default'
  const mode = MODES.find((known) => known === asked)
  if (mode === undefined) {
    throw new TypeError(`COHERENCE_TEST_MODE is "${asked}": set it to one of ${MODES.join(', ')}`)
  }
  return mode
}
