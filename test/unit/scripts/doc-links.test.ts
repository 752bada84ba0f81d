// Links of the documentation lead to files of the package, and to headings that there are.
import { brokenDocLinks, brokenLinks } from '../../../scripts/check/doc-links'

const PACKED = new Set(['README.md', 'docs/one.md', 'docs/two.md', 'LICENSE'])

function broken(page: string, markdown: string): string[] {
  const pages = new Map([
    ['docs/one.md', '# One\n\n## Lost connections: what then?\n\n```sh\n# no heading\n```\n'],
    [page, markdown],
  ])
  return brokenLinks(pages, (path) => PACKED.has(path))
}

describe('a link of the documentation', () => {
  it.each([
    ['to a page', 'README.md', '[one](docs/one.md) ![two](docs/two.md)'],
    ['to a file above', 'docs/two.md', '[licence](../LICENSE)'],
    ['to a heading', 'README.md', '[what then?](docs/one.md#lost-connections-what-then)'],
    ['to a heading of its own page', 'docs/two.md', '## Here\n[here](#here)'],
    ['to another site', 'README.md', '[site](https://example.com/none)'],
    ['in code', 'README.md', '`a[0](none)`\n\n```ts\na[0](none)\n```\n'],
  ])('%s is right', (_what, page, markdown) => {
    expect(broken(page, markdown)).toEqual([])
  })

  it.each([
    [
      'to a file that is not packed',
      '[a](src/a.ts)',
      'README.md links to src/a.ts, which is not in the package',
    ],
    [
      'to no heading',
      '[a](docs/one.md#none)',
      'README.md links to docs/one.md#none, where there is no such heading',
    ],
    [
      'to a comment',
      '[a](docs/one.md#no-heading)',
      'README.md links to docs/one.md#no-heading, where there is no such heading',
    ],
  ])('%s is found', (_what, markdown, fault) => {
    expect(broken('README.md', markdown)).toEqual([fault])
  })
})

describe('the documentation of this library', () => {
  it('has no broken links', () => {
    expect(brokenDocLinks()).toEqual([])
  })
})
