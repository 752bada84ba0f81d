// Names the packages in a bundle and gives their licences, which must go where their code goes.
import { readdir, readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { BundledFiles } from './bundle'
import { ROOT } from './entry-points'

const PACKAGE = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//

/** The text that goes with a bundle, sorted by the names of the packages. */
export async function thirdPartyLicenses(files: BundledFiles): Promise<string> {
  const packages = new Map<string, string[]>()
  for (const file of files) {
    const folder = PACKAGE.exec(file)?.[1]
    if (folder !== undefined) packages.set(folder, [...(packages.get(folder) ?? []), file])
  }
  const sections = await Promise.all([...packages].map(([folder, own]) => section(folder, own)))
  return `This package contains code of other packages, under their own licences.\n\n${sections.sort().join('\n')}`
}

async function section(folder: string, files: readonly string[]): Promise<string> {
  const text = await readFile(resolve(ROOT, folder, 'package.json'), 'utf8')
  const { name, version, license } = JSON.parse(text) as Record<'name' | 'version' | 'license', string>
  const texts = [...(await licenseFiles(folder)), ...(await notices(files))]
  if (texts.length === 0)
    throw new Error(`${name} is bundled, and neither a file nor a comment has its licence`)
  return `${'-'.repeat(80)}\n${name} ${version} (${license})\n\n${texts.join('\n\n')}\n`
}

async function licenseFiles(folder: string): Promise<string[]> {
  const names = (await readdir(resolve(ROOT, folder))).filter((name) =>
    /^(licen[cs]e|notice|copying)/i.test(name),
  )
  return Promise.all(names.map(async (name) => (await readFile(join(ROOT, folder, name), 'utf8')).trim()))
}

/** What the files themselves say at their beginning about who wrote them, each notice once. */
async function notices(files: readonly string[]): Promise<string[]> {
  const found = await Promise.all(
    files.map(async (file) => notice(await readFile(resolve(ROOT, file), 'utf8'))),
  )
  return [...new Set(found.flat())]
}

function notice(source: string): string[] {
  const code = source.replace(/^(#!.*\n|["']use strict["'];?\s*)/, '')
  const comment = /^(?:\s*\/\/.*\n)+|^\s*\/\*[^]*?\*\//.exec(code)?.[0]
  if (comment === undefined || !/copyright/i.test(comment)) return []
  return [comment.replaceAll(/^\s*(\/\/|\/\*+|\*\/|\*) ?|\*\/$/gm, '').trim()]
}
