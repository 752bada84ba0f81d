// The releases of Node.js that the package is tried on: the one that runs this, the oldest that is supported and the
// ones that follow. They come as npm packages and are kept in the project's cache folder.
import { existsSync } from 'node:fs'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ROOT } from '../entry-points'
import { runNpm } from '../run-tool'

const OTHER_RELEASES = ['20.19.0', '22', '24', '26']

export interface NodeRelease {
  readonly name: string
  /** The executable. */
  readonly path: string
}

interface NodeReleases {
  readonly releases: readonly NodeRelease[]
  /** What cannot be had here. */
  readonly missing: readonly string[]
}

export async function nodeReleases(): Promise<NodeReleases> {
  const releases: NodeRelease[] = [{ name: process.versions.node, path: process.execPath }]
  const missing: string[] = []
  for (const name of OTHER_RELEASES) {
    const path = await install(name)
    if (path === undefined) missing.push(`Node.js ${name}: it cannot be installed`)
    else releases.push({ name, path })
  }
  return { releases, missing }
}

async function install(release: string): Promise<string | undefined> {
  const folder = join(ROOT, '.cache', 'node', release)
  const packageName = `node-${process.platform}-${process.arch}`
  const path = join(folder, 'node_modules', packageName, 'bin', 'node')
  if (existsSync(path)) return path
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'package.json'), '{ "private": true }\n')
  const args = ['install', '--prefer-offline', '--no-audit', '--no-fund', '--no-package-lock']
  const { status } = await runNpm([...args, `${packageName}@${release}`], { cwd: folder })
  return status === 0 && existsSync(path) ? path : undefined
}
