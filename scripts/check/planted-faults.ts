// One fault or more for each gate, small enough that only this gate has a reason to complain.

export interface Fault {
  readonly gate: string
  /** The part of the gate that has to find it; then nothing else is planted meanwhile. */
  readonly part?: string
  readonly what: string
  /** The file that is changed, or made where there is none; or all files of dist/ that match, of which one has to change. */
  readonly file: string | RegExp
  readonly plant: (text: string) => string
  /** What the gate must say of it. */
  readonly evidence: RegExp
}

const append =
  (more: string) =>
  (text: string): string =>
    `${text}${more}\n`

const replace =
  (part: string | RegExp, by: string) =>
  (text: string): string =>
    text.replace(part, by)

/** What the bundler made. */
const CODE = /\.[cm]?js$/

export const FAULTS: readonly Fault[] = [
  {
    gate: 'format',
    part: 'src/planted.ts',
    what: 'a semicolon',
    file: 'src/planted.ts',
    plant: append('export const planted = 1;'),
    evidence: /src\/planted\.ts/,
  },
  {
    gate: 'lint',
    part: 'src/planted.ts',
    what: 'a promise nobody waits for',
    file: 'src/planted.ts',
    plant: append('export function planted(): void {\n  Promise.resolve()\n}'),
    evidence: /no-floating-promises/,
  },
  {
    gate: 'lint',
    part: 'src/cache/index.ts',
    what: 'a second barrel',
    file: 'src/cache/index.ts',
    plant: append("export { NamedMap } from './named-map'"),
    evidence: /only index/,
  },
  {
    gate: 'types',
    what: 'a wrong type',
    file: 'src/planted.ts',
    plant: append("export const planted: number = 'text'"),
    evidence: /src\/planted\.ts.*TS2322/,
  },
  {
    gate: 'layers',
    what: 'a cache that knows the session',
    file: 'src/cache/planted.ts',
    plant: append("export { Session } from '../session/session'"),
    evidence: /layer src\/cache/,
  },
  {
    gate: 'layers',
    what: 'generated code in a query',
    file: 'src/query/planted.ts',
    plant: append(
      "export type { NamedCacheRequest } from '../../gen/coherence/cache/v1/cache_service_messages_v1'",
    ),
    evidence: /layer src\/query/,
  },
  {
    gate: 'layers',
    what: 'the schema library outside the options',
    file: 'src/cache/planted.ts',
    plant: append("export { z } from 'zod'"),
    evidence: /zod only in its place/,
  },
  {
    gate: 'layers',
    what: 'a cycle',
    file: 'src/errors.ts',
    plant: append("export { Options } from './session/options/options'"),
    evidence: /no cycles/,
  },
  {
    gate: 'layers',
    what: 'a cycle of types',
    file: 'src/bytes.ts',
    plant: append("export type { DirectForm } from './codec/direct-form'"),
    evidence: /no cycles of types|layer src\/bytes/,
  },
  {
    gate: 'layers',
    what: 'a wire that knows a service',
    file: 'src/protocol/v1/wire/planted.ts',
    plant: append("export { CacheService } from '../cache/cache-service'"),
    evidence: /rooms of v1/,
  },
  {
    gate: 'shape',
    what: 'a file that is too long',
    file: 'src/planted.ts',
    plant: append('//\n'.repeat(401)),
    evidence: /src\/planted\.ts has \d+ lines/,
  },
  {
    gate: 'no any',
    what: 'an any that the linter was told not to see',
    file: 'src/planted.ts',
    plant: append('// eslint-disable-next-line\nexport const planted: any = 1'),
    evidence: /src\/planted\.ts:2 has the type any/,
  },
  {
    gate: 'contract',
    what: 'a field that the server does not have',
    file: 'proto/coherence/proxy/v1/proxy_service_messages_v1.proto',
    plant: append('message Planted {\n  string planted = 1;\n}'),
    evidence: /Planted/i,
  },
  {
    gate: 'publint',
    what: 'an entry point without a file',
    file: 'package.json',
    plant: replace('"default": "./dist/index.js"', '"default": "./dist/planted.js"'),
    evidence: /planted\.js/,
  },
  {
    gate: 'attw',
    what: 'code for import that is not what its declarations say',
    file: 'package.json',
    plant: replace(
      '"default": "./dist/index.js"',
      '"import": "./dist/esm/index.mjs",\n      "default": "./dist/index.js"',
    ),
    evidence: /Masquerading/i,
  },
  {
    gate: 'declarations',
    what: 'a type of another package',
    file: 'dist/index.d.ts',
    plant: append("export type { Channel } from '@grpc/grpc-js';"),
    evidence: /refers to @grpc\/grpc-js/,
  },
  {
    gate: 'declarations',
    what: 'an any',
    file: 'dist/index.d.ts',
    plant: append('export declare const planted: any;'),
    evidence: /has the type any/,
  },
  {
    gate: 'declarations',
    what: 'an export that the ES modules lack',
    file: 'dist/esm/index.mjs',
    plant: replace('Session, ', ''),
    evidence: /to import, but declares/,
  },
  {
    gate: 'api report',
    what: 'a change of the surface that no report shows',
    file: 'src/index.ts',
    plant: append('export const planted = 1'),
    evidence: /coherence-ts\.api\.md is not what src\/ declares/,
  },
  {
    gate: 'type tests',
    what: 'a path that does not exist',
    file: 'test/types/planted.ts',
    plant: append(
      "import { Filters, type Filter } from '../../src/index'\n\nexport const planted: Filter<{ city: string }> = Filters.equal('town', 'Boston')",
    ),
    evidence: /typescript-5\.4[^]*typescript-7\.0/,
  },
  {
    gate: 'examples',
    what: 'an example of something that does not exist',
    file: 'examples/planted.mts',
    plant: append("import { Planted } from 'coherence-ts'\n\nconsole.log(Planted)"),
    evidence: /typescript-5\.4[^]*typescript-7\.0/,
  },
  {
    gate: 'docs',
    what: 'documentation of something that does not exist',
    file: 'docs/planted.md',
    plant: append("```ts\nimport { Planted } from 'coherence-ts'\n\nconsole.log(Planted)\n```"),
    evidence: /typescript-5\.4[^]*typescript-7\.0/,
  },
  {
    gate: 'docs',
    what: 'code that goes on from nothing',
    file: 'docs/planted-too.md',
    plant: append('```ts\nconsole.log(planted)\n```'),
    evidence: /docs\/planted-too\.md:1 imports nothing/,
  },
  {
    gate: 'docs',
    what: 'an example in a docstring that does not compile',
    file: 'src/planted.ts',
    plant: append(
      "/**\n * ```ts\n * import { Planted } from 'coherence-ts'\n * ```\n */\nexport const planted = 1",
    ),
    evidence: /src-planted-2\.mts/,
  },
  {
    gate: 'docs',
    what: 'a link to nowhere',
    file: 'docs/planted-link.md',
    plant: append('[planted](maps.md#planted)'),
    evidence: /docs\/planted-link\.md links to maps\.md#planted/,
  },
  {
    gate: 'package',
    part: 'contents',
    what: 'a file that is not packed',
    file: 'package.json',
    plant: replace('"CHANGELOG.md"', '"NO-CHANGELOG.md"'),
    evidence: /CHANGELOG\.md is not in the package/,
  },
  {
    gate: 'package',
    part: 'Node.js 24, import and require',
    what: 'a second implementation for ES modules',
    file: 'package.json',
    plant: replace(
      '"default": "./dist/index.js"',
      '"import": "./dist/esm/index.mjs",\n      "default": "./dist/index.js"',
    ),
    evidence: /\w+ is there twice/,
  },
  {
    gate: 'package',
    part: 'contents',
    what: 'a line break inside of a string',
    file: CODE,
    plant: (text) => text.replaceAll(/(["'])json\1/g, '$1\\\njson$1'),
    evidence: /dist\/esm\/\S+ has a string over several lines/,
  },
  {
    gate: 'package',
    part: 'rollup, UMD',
    what: 'a tab in the format',
    file: CODE,
    plant: (text) => text.replaceAll(/(["'])json\1/g, '$1\\tjson$1'),
    evidence: /the format that was sent is "\\tjson"/,
  },
  {
    gate: 'package',
    part: 'esbuild, ES module, minified',
    what: 'a computed require',
    file: CODE,
    plant: (text) =>
      text.includes('node:crypto') ? `${text}\nrequire(['node', 'crypto'].join(':'))\n` : text,
    evidence: /Dynamic require of \\?"node:crypto\\?" is not supported/,
  },
]
