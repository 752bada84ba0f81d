// Takes the TypeScript out of the documentation, so that it can be compiled.
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ROOT } from '../entry-points'

const CODE = /^```ts\n([^]*?)^```$/gm

export interface DocModule {
  /** Such as `docs-queries-1.mts`. */
  readonly name: string
  readonly text: string
}

/** The modules in README.md and the pages of docs/. */
export async function docModules(): Promise<DocModule[]> {
  const pages = ['README.md', ...(await readdir(join(ROOT, 'docs'))).map((name) => join('docs', name))]
  const modules = pages
    .filter((page) => page.endsWith('.md'))
    .map(async (page) => modulesOf(page, await readFile(join(ROOT, page), 'utf8')))
  return (await Promise.all(modules)).flat()
}

/** A block of code that imports begins a module, what follows continues it: the blocks of a page build on each other. */
export function modulesOf(page: string, markdown: string): DocModule[] {
  const modules: string[][] = []
  for (const [, code = ''] of markdown.matchAll(CODE)) {
    const last = modules.at(-1)
    if (last === undefined || /^import /m.test(code)) modules.push([code])
    else last.push(code)
  }
  const stem = page.replace(/\.md$/, '').replaceAll(/[^\w-]+/g, '-')
  return modules.map((blocks, index) => ({
    name: `${stem}-${index + 1}.mts`,
    text: `${blocks.join('\n')}\nexport {}\n`,
  }))
}
