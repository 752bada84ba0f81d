// Finds the links of the documentation that lead nowhere: to no file of the package, or to no heading of a page.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, posix } from 'node:path'
import { ROOT } from '../entry-points'

const CODE = /^```[^]*?^```$|`[^`\n]*`/gm
const LINK = /\]\(([^)\s]+)\)/g
const OUTSIDE = /^[a-z]+:/
const HEADING = /^#+ (.+)$/gm
/** What npm packs whatever `files` says. */
const ALWAYS_PACKED = ['README.md', 'LICENSE', 'package.json']

/** The links in README.md and the pages of docs/ that lead nowhere, each with its page. */
export function brokenDocLinks(): string[] {
  const { files } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { files: string[] }
  const names = readdirSync(join(ROOT, 'docs')).filter((name) => name.endsWith('.md'))
  const pages = ['README.md', ...names.map((name) => `docs/${name}`)]
  return brokenLinks(
    new Map(pages.map((page) => [page, readFileSync(join(ROOT, page), 'utf8')])),
    (path) =>
      existsSync(join(ROOT, path)) &&
      [...ALWAYS_PACKED, ...files].some((packed) => path === packed || path.startsWith(`${packed}/`)),
  )
}

/** The links in `pages`, by their paths, that lead to no file which `isPacked`, or to no heading of one of the pages. */
export function brokenLinks(
  pages: ReadonlyMap<string, string>,
  isPacked: (path: string) => boolean,
): string[] {
  return [...pages].flatMap(([page, markdown]) =>
    [...markdown.replaceAll(CODE, '').matchAll(LINK)].flatMap(([, link = '']) => {
      if (OUTSIDE.test(link)) return []
      const [path = '', anchor] = link.split('#')
      const target = path === '' ? page : posix.normalize(posix.join(posix.dirname(page), path))
      if (!isPacked(target)) return [`${page} links to ${link}, which is not in the package`]
      if (anchor === undefined || anchorsOf(pages.get(target) ?? '').includes(anchor)) return []
      return [`${page} links to ${link}, where there is no such heading`]
    }),
  )
}

function anchorsOf(markdown: string): string[] {
  const headings = [...markdown.replaceAll(CODE, '').matchAll(HEADING)]
  return headings.map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\w\s-]/g, '')
      .replaceAll(' ', '-'),
  )
}
