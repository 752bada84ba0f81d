// A Coherence server with Java and Maven, for integration tests: the real thing, as one member or a cluster, with or without
// TLS, reachable on the loopback address only. It can be killed, started again on the same ports, and suspended.
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { checkedOptions, checkInteger, checkMembers, checkText, flagIn, refuse } from './checks'
import { CoherenceMember, type MemberCommand, ServerStartError } from './real/coherence-member'
import { findJava, type JavaInstallation } from './real/java-installation'
import { freePort, LOOPBACK } from './real/loopback-ports'
import { coherenceJars, supportClasses } from './real/server-jars'

/** The release that is started where no other is asked for. */
export const REFERENCE_RELEASE = '25.03.2'
const DEFAULT_START_TIMEOUT_SECONDS = 55
const ATTEMPTS = 3
const MOST_MEMBERS = 100
const START = 'RealCoherence.start()'
const OPTIONS = ['version', 'members', 'tls', 'properties', 'environment', 'startTimeoutSeconds']

/** Paths of PEM files. */
export interface RealTls {
  readonly keyPath: string
  readonly certPath: string
  readonly caPath: string
  /** Whether clients have to show a certificate signed by the CA. */
  readonly clientAuthentication: boolean
}

export interface RealCoherenceOptions {
  /** The release of Coherence CE, such as `22.06.8`; `25.03.2` by default. */
  readonly version?: string | undefined
  /** The size of the cluster; 1 by default. */
  readonly members?: number | undefined
  readonly tls?: RealTls | undefined
  /** Java system properties, such as `{ 'coherence.serializer': 'json' }`. */
  readonly properties?: Readonly<Record<string, string>> | undefined
  /** Variables of the environment that the members see instead of this process's own. */
  readonly environment?: Readonly<Record<string, string | undefined>> | undefined
  /** The time limit for the start of each member; 55 seconds by default. */
  readonly startTimeoutSeconds?: number | undefined
}

/** One member of the cluster, a process of its own. */
export interface RealMember {
  /** Its gRPC address, `127.0.0.1:port`. */
  readonly address: string
  /** Its process id, the last one's when none runs. */
  readonly pid: number
  readonly running: boolean
  /** How many members the cluster had when this one had joined it. */
  readonly membersAtStart: number
  /** The end of what the last run wrote to its standard output and error. */
  readonly log: string
  /** Starts it again; resolves when it serves and all it stores has its backups. */
  start(): Promise<void>
  /** SIGKILL; resolves when it is gone. */
  kill(): Promise<void>
  /** SIGTERM, and SIGKILL if it is not gone after a grace time. */
  terminate(): Promise<void>
  /** SIGSTOP: connections stay open, nothing is answered. */
  suspend(): void
  /** SIGCONT. */
  resume(): void
}

/**
 * A Coherence server that Java runs. It never outlives this process. The first start of a release gets its jars with Maven
 * into the user's cache folder, which takes some 10 seconds; a start takes about 10 more.
 *
 * @example
 * ```ts
 * import { Session } from 'coherence-ts'
 * import { RealCoherence } from 'coherence-ts/testing'
 *
 * await using server = await RealCoherence.start()
 * await using session = await Session.create({ address: server.address })
 * console.log(session.serverInfo.proxyVersion) // prints 25.03.2
 * ```
 */
export class RealCoherence {
  /** One by one; the methods of the server act on all of them. */
  readonly members: readonly RealMember[]
  readonly version: string
  /** The port for members of the cluster and for the name service. */
  readonly clusterPort: number
  readonly clusterName: string
  readonly #members: readonly CoherenceMember[]
  #isStopped = false

  private constructor(
    members: readonly CoherenceMember[],
    version: string,
    cluster: { readonly port: number; readonly name: string },
  ) {
    this.#members = members
    this.members = members
    this.version = version
    this.clusterPort = cluster.port
    this.clusterName = cluster.name
  }

  /**
   * Starts a server; it can be reached when this resolves. Rejects with a TypeError for wrong options, and with an error whose `code` is `ERR_NO_JAVA` or
   * `ERR_NO_MAVEN` where one of them is missing; its message says what to install.
   */
  static async start(options: RealCoherenceOptions = {}): Promise<RealCoherence> {
    checkOptions(options)
    const { version = REFERENCE_RELEASE, members = 1 } = options
    const installation = await install(version)
    for (let attempt = 1; ; attempt++) {
      const server = await RealCoherence.#plan(installation, version, members, options)
      try {
        await server.restart()
        return server
      } catch (error) {
        await server.stop()
        if (!(error instanceof ServerStartError && error.portTaken) || attempt === ATTEMPTS) throw error
      }
    }
  }

  static async #plan(
    installation: Installation,
    version: string,
    size: number,
    options: RealCoherenceOptions,
  ): Promise<RealCoherence> {
    const cluster = { port: await freePort(), name: `test-${randomUUID()}` }
    const timeoutMillis = (options.startTimeoutSeconds ?? DEFAULT_START_TIMEOUT_SECONDS) * 1_000
    const members: CoherenceMember[] = []
    for (let index = 0; index < size; index++) {
      const command = memberCommand(installation, options, cluster, await freePort())
      members.push(new CoherenceMember(command, timeoutMillis))
    }
    return new RealCoherence(members, version, cluster)
  }

  /** The gRPC address of the first member, `127.0.0.1:port`. */
  get address(): string {
    return this.#first.address
  }

  /** The gRPC addresses of all members. */
  get addresses(): readonly string[] {
    return this.#members.map((member) => member.address)
  }

  /** The process id of the first member. */
  get pid(): number {
    return this.#first.pid
  }

  /** The end of the members' output. */
  get log(): string {
    return this.#members.map((member) => member.log).join('\n')
  }

  /** SIGKILL; resolves when all members are gone. */
  async kill(): Promise<void> {
    await Promise.all(this.#members.map((member) => member.kill()))
  }

  /** SIGTERM, then SIGKILL after a grace time; resolves when all members are gone. */
  async terminate(): Promise<void> {
    await Promise.all(this.#members.map((member) => member.terminate()))
  }

  /** Starts again what was killed or terminated, on the same ports. */
  async restart(): Promise<void> {
    if (this.#isStopped) {
      throw new Error('The server was stopped for good: start another with RealCoherence.start()')
    }
    const dead = this.#members.filter((member) => !member.running)
    if (dead.length === 0) {
      throw new Error(`The server at ${this.address} runs: call kill() or terminate() before restart()`)
    }
    // One after the other: members that start at once may each found a cluster of their own.
    let expected = this.#members.length - dead.length
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

  /** SIGSTOP: connections stay open, nothing is answered. */
  suspend(): void {
    for (const member of this.#members) member.suspend()
  }

  /** SIGCONT. */
  resume(): void {
    for (const member of this.#members) member.resume()
  }

  /** Ends the server for good. */
  async stop(): Promise<void> {
    this.#isStopped = true
    await this.kill()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
  }

  get #first(): CoherenceMember {
    const [first] = this.#members
    if (first === undefined) throw new Error('A server has at least one member')
    return first
  }
}

function checkOptions(options: unknown): void {
  const { version, members, tls, properties, environment, startTimeoutSeconds } = checkedOptions(
    START,
    options,
    OPTIONS,
  )
  if (version !== undefined) checkText(START, 'version', version, `a release, such as '${REFERENCE_RELEASE}'`)
  if (members !== undefined) checkInteger(START, 'members', members, 1, MOST_MEMBERS)
  if (tls !== undefined) checkTls(tls)
  if (properties !== undefined) checkMembers(START, 'properties', properties, isText, 'texts')
  if (environment !== undefined)
    checkMembers(START, 'environment', environment, isTextOrUndefined, 'texts, or undefined')
  const isPatient = typeof startTimeoutSeconds === 'number' && startTimeoutSeconds > 0
  if (startTimeoutSeconds !== undefined && !isPatient)
    refuse(START, 'startTimeoutSeconds', startTimeoutSeconds, 'a number of seconds above 0')
}

function checkTls(tls: unknown): void {
  const paths = ['keyPath', 'certPath', 'caPath']
  const checked = checkedOptions(`${START} in tls`, tls, [...paths, 'clientAuthentication'])
  for (const path of paths) checkText(START, `tls.${path}`, checked[path], 'the path of a PEM file')
  flagIn(START, checked, 'clientAuthentication')
}

function isText(value: unknown): boolean {
  return typeof value === 'string'
}

function isTextOrUndefined(value: unknown): boolean {
  return value === undefined || isText(value)
}

interface Installation {
  readonly jars: string
  readonly classes: string
  readonly java: JavaInstallation
}

/** Gets all that a start of this release needs. */
export async function install(version: string): Promise<Installation> {
  const jars = await coherenceJars(version)
  return { jars, classes: await supportClasses(jars), java: await findJava() }
}

function memberCommand(
  { java, jars, classes }: Installation,
  options: RealCoherenceOptions,
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
    // How long the first member looks for others before it is a cluster.
    ...((options.members ?? 1) === 1 ? { 'coherence.join.timeout': '100' } : {}),
    'coherence.log.level': '3',
    'file.encoding': 'UTF-8',
    ...(options.tls === undefined ? {} : tlsProperties(options.tls)),
    ...options.properties,
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
  return { java: java.java, args, env: { ...(options.environment ?? process.env) }, port }
}

function tlsProperties(tls: RealTls): Record<string, string> {
  return {
    'coherence.grpc.server.socketprovider': 'tls-files',
    'coherence.security.key': tls.keyPath,
    'coherence.security.cert': tls.certPath,
    'coherence.security.ca.cert': tls.caPath,
    ...(tls.clientAuthentication ? {} : { 'coherence.security.clientauth': 'none' }),
  }
}
