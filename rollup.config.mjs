// How dist/ is made: each entry point of package.json, `./dist/NAME.js`, from `src/NAME.ts`, with the packages behind it,
// so that a user installs no other package and a process loads few files. CommonJS is for Node.js, whose `import` reads
// it as well, so that each class exists once in a process; ES modules (dist/esm) are for bundlers.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import alias from '@rollup/plugin-alias'
import commonjs from '@rollup/plugin-commonjs'
import json from '@rollup/plugin-json'
import nodeResolve from '@rollup/plugin-node-resolve'
import { dts } from 'rollup-plugin-dts'
import esbuild from 'rollup-plugin-esbuild'
import license from 'rollup-plugin-license'

const here = (path) => fileURLToPath(new URL(path, import.meta.url))
const { exports: subpaths, engines } = JSON.parse(readFileSync(here('package.json'), 'utf8'))

const input = Object.fromEntries(
  Object.values(subpaths)
    .filter((target) => typeof target === 'object')
    .map((target) => /^\.\/dist\/(.*)\.js$/.exec(target.default)[1])
    .map((name) => [name, `src/${name}.ts`]),
)

/**
 * Imports of packages that this library never follows: in grpc-js those of servers and of clients without a channel of
 * their own, in nice-grpc those of the kinds of call that the contract does not have.
 */
const LEFT_OUT = {
  '@grpc/grpc-js/build/src/client.js': ['./channel'],
  '@grpc/grpc-js/build/src/channelz.js': ['@grpc/proto-loader'],
  '@grpc/grpc-js/build/src/orca.js': ['@grpc/proto-loader'],
  'nice-grpc/lib/client/ClientFactory.js': [
    './createUnaryMethod',
    './createClientStreamingMethod',
    './createServerStreamingMethod',
  ],
  // What neither nice-grpc's clients nor its servers use of it.
  'abort-controller-x/es/index.js': [
    './abortable',
    './all',
    './delay',
    './forever',
    './proactiveRetry',
    './race',
    './retry',
    './run',
    './spawn',
  ],
}

const leftOut = {
  name: 'left out',
  resolveId: (source, importer = '') => {
    const [, file = ''] = /.*\/node_modules\/(.*)/.exec(importer) ?? []
    return LEFT_OUT[file]?.includes(source) ? '\0left out' : null
  },
  load: (id) => (id === '\0left out' ? 'export default {}' : null),
}

/** What rollup warns of in our code fails the build; what other packages do is theirs. */
const onLog = (level, log, report) => {
  const isOfOthers = (log.id ?? log.ids?.join() ?? '').includes('node_modules')
  report(level !== 'warn' ? level : isOfOthers ? 'debug' : 'error', log)
}

const output = { generatedCode: 'es2015', hoistTransitiveImports: false, minifyInternalExports: false }

/**
 * The code of entry points that share it. `testing` is by itself, so that a process that does not load it reads nothing of
 * it.
 */
const { testing, ...others } = input
const code = (group, folder) => ({
  input: group,
  output: [
    {
      ...output,
      dir: 'dist',
      format: 'cjs',
      chunkFileNames: `${folder}/[name].js`,
      // The first `import()` of a process takes 5 ms, a `require()` in its place 1 ms.
      dynamicImportInCjs: false,
    },
    {
      ...output,
      dir: 'dist/esm',
      format: 'es',
      entryFileNames: '[name].mjs',
      chunkFileNames: `${folder}/[name].mjs`,
    },
  ],
  plugins: [
    leftOut,
    alias({
      entries: [{ find: /^@grpc\/grpc-js$/, replacement: here('src/transport/grpc-js.ts') }],
    }),
    nodeResolve({ extensions: ['.ts', '.js', '.json'] }),
    json(),
    // Also what others wrote: without their comments, and in ASCII, a process reads it in half the time. The only notice of
    // protobuf's authors is in their comments.
    esbuild({
      include: /\.[jt]s$/,
      exclude: /@bufbuild/,
      target: `node${engines.node.replace('>=', '')}`,
      tsconfig: false,
    }),
    commonjs({ strictRequires: false }),
    group === others &&
      license({
        thirdParty: { output: { file: here('dist/THIRD_PARTY_LICENSES.txt'), template: licenses } },
      }),
  ],
  treeshake: { moduleSideEffects: (id) => !id.includes('/node_modules/') },
  onLog,
})

export default [
  code(others, 'chunks'),
  code({ testing }, 'chunks/testing'),
  {
    input,
    output: {
      dir: 'dist',
      chunkFileNames: 'chunks/[name].d.ts',
      // Not left to the user's `lib`: `AsyncDisposable` is in the public declarations.
      banner: '/// <reference lib="esnext.disposable" />',
    },
    // What the declarations still import of other packages is found by the check of declarations.
    external: /^[^./]/,
    plugins: [dts({ tsconfig: here('tsconfig.build.json') })],
    onLog,
  },
]

function licenses(dependencies) {
  const texts = dependencies.map(
    ({ name, version, license, licenseText, noticeText }) =>
      `${'-'.repeat(80)}\n${name} ${version} (${license})\n\n${[licenseText ?? 'Its notices are in the code.', noticeText].filter(Boolean).join('\n\n')}`,
  )
  return `This package contains code of other packages, under their own licences.\n\n${texts.sort().join('\n')}\n`
}
