// How the tests get their Coherence server: what happens in the cache folder and what is said where something is
// missing. Java and Maven are shell scripts here.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { coherenceJars, supportClasses } from '../../../src/testing/real/server-jars'
import { describeConformance, describeWithJava, serverAddress, uniqueName } from '../../support/conformance'
import { provideSharedServer } from '../../support/shared-server'

const VERSION = '1.2.3'
const JAVA = 'echo "    java.home = $JAVA_HOME" >&2; echo "    java.specification.version = 17" >&2'
const FOLDER = 'for a in "$@"; do case "$a" in -Djars.folder=*) folder="${a#*=}";; esac; done'
const MAVEN = `${FOLDER}; echo run >> "$JAVA_HOME/maven-runs"; : > "$folder/coherence-${VERSION}.jar"`
const OUTER_ENVIRONMENT = { ...process.env }

let root: string
let bin: string
let cache: string

async function install(command: string, script: string): Promise<void> {
  const path = join(bin, command)
  await writeFile(path, `#!/bin/sh\n${script}\n`)
  await chmod(path, 0o755)
}

async function mavenRuns(): Promise<number> {
  return (await readFile(join(root, 'maven-runs'), 'utf8')).split('\n').length - 1
}

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'coherence-ts-unit-'))
  bin = join(root, 'bin')
  cache = join(root, 'cache', 'coherence-ts')
  await mkdir(bin)
  Object.assign(process.env, { PATH: bin, JAVA_HOME: root, XDG_CACHE_HOME: join(root, 'cache') })
})

afterEach(async () => {
  for (const name of Object.keys(process.env)) Reflect.deleteProperty(process.env, name)
  Object.assign(process.env, OUTER_ENVIRONMENT)
  jest.restoreAllMocks()
  await rm(root, { recursive: true })
})

describe('the jars of a server', () => {
  it('are got once, however many ask at the same time', async () => {
    await install('java', JAVA)
    await install('javac', '')
    await install('mvn', MAVEN)
    const folders = await Promise.all([coherenceJars(VERSION), coherenceJars(VERSION)])
    expect(folders).toEqual([join(cache, `server-${VERSION}`), join(cache, `server-${VERSION}`)])
    expect(await mavenRuns()).toBe(1)
    expect(await readdir(cache)).toEqual([`server-${VERSION}`])
  })

  it('need neither Java nor Maven once they are there', async () => {
    await mkdir(join(cache, `server-${VERSION}`), { recursive: true })
    expect(await coherenceJars(VERSION)).toBe(join(cache, `server-${VERSION}`))
  })

  it('may be got by another process meanwhile', async () => {
    await install('java', JAVA)
    await install('javac', '')
    const other = `/bin/mkdir "${cache}/server-${VERSION}"; : > "${cache}/server-${VERSION}/other"`
    await install('mvn', `${MAVEN}; ${other}`)
    const folder = await coherenceJars(VERSION)
    expect(await readdir(folder)).toEqual(['other'])
    expect(await readdir(cache)).toEqual([`server-${VERSION}`])
  })

  it('are got again after a run that was killed half way', async () => {
    await install('java', JAVA)
    await install('javac', '')
    await install('mvn', `${MAVEN}; kill -KILL $PPID`)
    const program = join(root, 'killed.ts')
    const jars = JSON.stringify(require.resolve('../../../src/testing/real/server-jars'))
    await writeFile(program, `import { coherenceJars } from ${jars}\nvoid coherenceJars('${VERSION}')\n`)
    const tsx = require.resolve('tsx')
    const run = spawn(process.execPath, ['--import', tsx, program], { env: { ...process.env } })
    const [status, signal] = (await once(run, 'close')) as [number | null, string | null]
    expect([status, signal]).toEqual([null, 'SIGKILL'])
    const [left, ...more] = await readdir(cache)
    expect(left).toMatch(`server-${VERSION}.partial-`)
    expect(more).toEqual([])

    await install('mvn', MAVEN)
    const longAgo = new Date(Date.now() - 2 * 60 * 60 * 1_000)
    await utimes(join(cache, left ?? ''), longAgo, longAgo)
    expect(await readdir(await coherenceJars(VERSION))).toEqual([`coherence-${VERSION}.jar`])
    expect(await mavenRuns()).toBe(2)
    expect(await readdir(cache)).toEqual([`server-${VERSION}`])
  })

  it('are not there when Maven fails, and the error has its output', async () => {
    await install('java', JAVA)
    await install('javac', '')
    await install('mvn', `${MAVEN}; echo "Could not transfer artifact"; exit 1`)
    await expect(coherenceJars(VERSION)).rejects.toThrow(/exit status 1[^]*Could not transfer artifact/)
    expect(await readdir(cache)).toEqual([])
  })

  it('are not there when Maven succeeds without them', async () => {
    await install('java', JAVA)
    await install('javac', '')
    await install('mvn', 'exit 0')
    await expect(coherenceJars(VERSION)).rejects.toThrow(`did not get the jars of Coherence ${VERSION}`)
    expect(await readdir(cache)).toEqual([])
  })

  it('need Java', async () => {
    await install('mvn', MAVEN)
    const error = { code: 'ERR_NO_JAVA', message: expect.stringContaining('Install a Java 17 JDK') as string }
    await expect(coherenceJars(VERSION)).rejects.toMatchObject(error)
  })

  it.each([
    ['an old Java', 'echo " java.home = /x"; echo " java.specification.version = 1.8"', 'is Java 1.8'],
    ['a Java that does not run', 'echo "Unable to locate a Java Runtime"; exit 1', 'Unable to locate'],
    ['a Java without a compiler', JAVA, 'has no compiler'],
  ])('are not got with %s', async (_what, java, message) => {
    await install('java', java)
    const error = { code: 'ERR_NO_JAVA', message: expect.stringContaining(message) as string }
    await expect(coherenceJars(VERSION)).rejects.toMatchObject(error)
  })

  it('need Maven', async () => {
    await install('java', JAVA)
    await install('javac', '')
    const error = { code: 'ERR_NO_MAVEN', message: expect.stringContaining('install Maven 3.8') as string }
    await expect(coherenceJars(VERSION)).rejects.toMatchObject(error)
  })

  it('have a version', async () => {
    await expect(coherenceJars('../elsewhere')).rejects.toThrow('not a version of Coherence')
  })
})

describe('the classes added to a server', () => {
  const OUTPUT = 'while [ "$1" != -d ]; do shift; done'

  it('are compiled once for a version, with the files that announce them', async () => {
    await install('java', JAVA)
    await install('javac', `${OUTPUT}; : > "$2/Compiled.class"; echo run >> "$JAVA_HOME/compiler-runs"`)
    const folders = await Promise.all([supportClasses('/x/server-1'), supportClasses('/x/server-1')])
    expect(await supportClasses('/x/server-1')).toBe(folders[0])
    expect(await readFile(join(root, 'compiler-runs'), 'utf8')).toBe('run\n')
    expect((await readdir(folders[0])).sort()).toEqual(['Compiled.class', 'META-INF'])
    expect(await readdir(join(folders[0], 'META-INF', 'services'))).toContain('io.grpc.ServerProvider')
    expect(await supportClasses('/x/server-2')).not.toBe(folders[0])
  })

  it('are not there when they do not compile', async () => {
    await install('java', JAVA)
    await install('javac', 'echo "error: cannot find symbol"; exit 1')
    await expect(supportClasses('/x/server-1')).rejects.toThrow('cannot find symbol')
    expect(await readdir(cache)).toEqual([])
  })
})

describe('a conformance run', () => {
  let printed: jest.SpyInstance

  beforeEach(() => {
    printed = jest.spyOn(process.stderr, 'write').mockReturnValue(true)
    for (const name of Object.keys(process.env)) {
      if (/^(CI|COHERENCE_.*)$/.test(name)) Reflect.deleteProperty(process.env, name)
    }
  })

  it('without Java says in one line that suites are skipped', async () => {
    await provideSharedServer()
    expect(printed.mock.calls).toEqual([
      [expect.stringMatching(/^Conformance suites are skipped: No Java found .*\.\n$/)],
    ])
    expect(process.env['COHERENCE_TEST_SKIP']).toContain('No Java found')
    expect(serverAddress).toThrow('describeConformance()')
  })

  it('without Java fails where nothing may be skipped', async () => {
    process.env['CI'] = 'true'
    await expect(provideSharedServer()).rejects.toMatchObject({ code: 'ERR_NO_JAVA' })
    expect(printed).not.toHaveBeenCalled()
  })

  it('uses the server of the environment also without Java', async () => {
    process.env['COHERENCE_SERVER_ADDRESS'] = 'example.org:1408'
    await provideSharedServer()
    expect(serverAddress()).toBe('example.org:1408')
    expect(process.env['COHERENCE_TEST_SKIP']).toBeUndefined()
    expect(process.env['COHERENCE_TEST_NO_JAVA']).toContain('No Java found')
    expect(printed).toHaveBeenCalledTimes(1)
  })

  it('skips suites with the reason in their names', () => {
    const skipped = jest.spyOn(describe, 'skip').mockReturnValue(undefined)
    const body = (): void => undefined
    process.env['COHERENCE_TEST_SKIP'] = 'no server'
    process.env['COHERENCE_TEST_NO_JAVA'] = 'no Java'
    describeConformance('maps', body)
    describeWithJava('failover', body)
    expect(skipped.mock.calls).toEqual([
      ['maps (skipped: no server)', body],
      ['failover (skipped: no Java)', body],
    ])
  })

  it('has a name of its own for everything', () => {
    expect(uniqueName('map')).toMatch(/^map-/)
    expect(uniqueName('map')).not.toBe(uniqueName('map'))
  })
})
