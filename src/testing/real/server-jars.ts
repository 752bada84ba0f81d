// Gets the jars of a Coherence server with Maven, and compiles the few Java classes that are added to it, both once:
// they are kept in the user's cache folder, and later runs need neither Maven nor a network. A folder in the cache is
// always complete: it is filled under another name and then renamed.
import { createHash, randomUUID } from 'node:crypto'
import { access, mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { wallClock } from '../../async/real-time'
import { findJava, MissingToolError, run } from './java-installation'
import { POM, SERVICES, SOURCES } from './java-sources'

const OUTPUT_TAIL = 4_000
const ABANDONED_AFTER_MS = 60 * 60 * 1_000

const underway = new Map<string, Promise<string>>()

/** The folder with the server's jars. Rejects with `ERR_NO_JAVA` or `ERR_NO_MAVEN` when it cannot be made. */
export async function coherenceJars(version: string): Promise<string> {
  if (!/^\w[\w.-]*$/.test(version)) {
    throw new TypeError(`"${version}" is not a version of Coherence: give one like 25.03.2`)
  }
  return cached(join(cacheFolder(), `server-${version}`), async (folder) => {
    await findJava()
    const pom = join(folder, 'pom.xml')
    await writeFile(pom, POM)
    const { status, output } = await run('mvn', [
      '-B',
      '-q',
      '-f',
      pom,
      `-Dcoherence.version=${version}`,
      `-Djars.folder=${folder}`,
      'dependency:copy-dependencies',
    ]).catch((cause: unknown) => {
      throw new MissingToolError(
        'ERR_NO_MAVEN',
        `The jars of Coherence ${version} are not in ${cacheFolder()} yet, and there is no Maven (mvn) to get them: ` +
          'install Maven 3.8 or later',
        { cause },
      )
    })
    await rm(pom)
    const jars = await readdir(folder)
    if (status !== 0 || !jars.includes(`coherence-${version}.jar`)) {
      throw new Error(
        `Maven did not get the jars of Coherence ${version} (exit status ${String(status)}). ` +
          `Check the version, the network and Maven's settings. The end of its output:\n${tail(output)}`,
      )
    }
  })
}

/** The folder with the compiled Java classes that go in front of the jars on the class path. */
export async function supportClasses(jars: string): Promise<string> {
  const hash = createHash('sha256').update(basename(jars))
  for (const [file, text] of Object.entries({ ...SOURCES, ...SERVICES })) {
    hash.update(`\0${file}\0`).update(text)
  }
  const name = `classes-${hash.digest('hex').slice(0, 16)}`
  return cached(join(cacheFolder(), name), async (folder) => {
    const { javac } = await findJava()
    const sourceFolder = join(folder, 'sources')
    const sources = await writeAll(sourceFolder, SOURCES)
    const { status, output } = await run(javac, [
      '--release',
      '17',
      '-cp',
      join(jars, '*'),
      '-d',
      folder,
      ...sources,
    ])
    if (status !== 0) throw new Error(`javac did not compile its sources against ${jars}:\n${tail(output)}`)
    await rm(sourceFolder, { recursive: true })
    await writeAll(join(folder, 'META-INF', 'services'), SERVICES)
  })
}

async function writeAll(folder: string, files: Readonly<Record<string, string>>): Promise<string[]> {
  await mkdir(folder, { recursive: true })
  const paths: string[] = []
  for (const [name, text] of Object.entries(files)) {
    const path = join(folder, name)
    await writeFile(path, text)
    paths.push(path)
  }
  return paths
}

function cacheFolder(): string {
  const configured = process.env['XDG_CACHE_HOME']
  return join(
    configured === undefined || configured === '' ? join(homedir(), '.cache') : configured,
    'coherence-ts',
  )
}

function cached(folder: string, fill: (folder: string) => Promise<void>): Promise<string> {
  let filled = underway.get(folder)
  if (filled === undefined) {
    filled = fillOnce(folder, fill).finally(() => underway.delete(folder))
    underway.set(folder, filled)
  }
  return filled
}

async function fillOnce(folder: string, fill: (folder: string) => Promise<void>): Promise<string> {
  if (await exists(folder)) return folder
  await removeAbandoned(folder)
  const partial = `${folder}.partial-${randomUUID()}`
  await mkdir(partial, { recursive: true })
  try {
    await fill(partial)
    await rename(partial, folder).catch(async (error: unknown) => {
      // Another process was faster; its folder is as good.
      if (!(await exists(folder))) throw error
    })
  } finally {
    await rm(partial, { recursive: true, force: true })
  }
  return folder
}

async function removeAbandoned(folder: string): Promise<void> {
  const parent = dirname(folder)
  await mkdir(parent, { recursive: true })
  for (const name of await readdir(parent)) {
    if (!name.startsWith(`${basename(folder)}.partial-`)) continue
    const path = join(parent, name)
    const state = await stat(path).catch(() => undefined)
    if (state !== undefined && wallClock() - state.mtimeMs > ABANDONED_AFTER_MS) {
      await rm(path, { recursive: true, force: true })
    }
  }
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}

function tail(output: string): string {
  return output.slice(-OUTPUT_TAIL).trim()
}
