// Bundles the sources and the packages behind them: a process that starts loads one file in place of three hundred, and a
// user installs no other package. The channel of grpc-js, which few sessions use, is a file of its own that is loaded
// when it is asked for: a function of the one module by whose class the two know each other, which is with the first.
// What must not be: two copies of a class that users see, so an entry point may share no code with another.
import { dirname, join } from 'node:path'
import { build as runBuild, type Plugin } from 'esbuild'
import { ROOT } from './entry-points'

/** What stands before and behind the code. */
interface Wrapping {
  readonly banner?: string
  readonly footer?: string
}

/** The source files in a bundle, relative to the root of the project. */
export type BundledFiles = readonly string[]

const GRPC_JS_CHANNEL = 'grpc-js-channel'
const METADATA = '@grpc/grpc-js/build/src/metadata'

/** Writes the bundle of an entry point, and beside it the channel of grpc-js. */
export async function bundle(source: string, outfile: string): Promise<BundledFiles> {
  const channel = join(ROOT, 'src', 'transport', `${GRPC_JS_CHANNEL}.ts`)
  const besideIt = join(dirname(outfile), `${GRPC_JS_CHANNEL}.js`)
  const files = await Promise.all([
    bundleFile(source, outfile, [...onlyClients, channelApart], { footer: EXPORTED_NAMES }),
    bundleFile(channel, besideIt, [metadataGiven, withoutServers], FUNCTION_OF_METADATA),
  ])
  return files.flat()
}

async function bundleFile(
  source: string,
  outfile: string,
  plugins: Plugin[],
  { banner = '', footer = '' }: Wrapping,
): Promise<BundledFiles> {
  const { metafile } = await runBuild({
    absWorkingDir: ROOT,
    entryPoints: [source],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20.19',
    // Modules can be left out of a bundle where nothing uses them, CommonJS cannot.
    mainFields: ['module', 'main'],
    plugins,
    metafile: true,
    // A process that starts reads all of it. Names stay, for stack traces.
    minifyWhitespace: true,
    minifySyntax: true,
    lineLimit: 160,
    legalComments: 'none',
    banner: { js: banner },
    footer: { js: footer },
    logLevel: 'warning',
  })
  return Object.keys(metafile.inputs)
}

/** A class that names itself is called differently in a bundle, which users would see where one is printed. */
const EXPORTED_NAMES = `for (const [name, value] of Object.entries(module.exports)) {
  if (typeof value === 'function') Object.defineProperty(value, 'name', { value: name, configurable: true });
}`

/** Resolves what `replacements` match, by what is imported, to the code that stands there. */
function replacing(
  name: string,
  importers: RegExp,
  replacements: readonly (readonly [RegExp, string])[],
): Plugin {
  return {
    name,
    setup: (build) => {
      replacements.forEach(([filter, contents], index) => {
        const namespace = `${name} ${index}`
        build.onResolve({ filter }, ({ path, importer }) =>
          importers.test(importer) ? { path, namespace } : undefined,
        )
        build.onLoad({ filter: /.*/, namespace }, () => ({ contents, resolveDir: ROOT }))
      })
    },
  }
}

const NOTHING = 'module.exports = {}'

/** grpc-js reads `.proto` files for services of its servers, and has those servers. */
const withoutServers = replacing('without servers', /[\\/]@grpc[\\/]grpc-js[\\/]/, [
  [/^@grpc\/proto-loader$/, NOTHING],
  [/^\.\/(server|server-call|server-interceptors)$/, NOTHING],
])

/**
 * Of nice-grpc, and of what it needs to end calls, the half for clients; of grpc-js what drives calls on a channel,
 * whichever that is, and not the channel. What is not there needs no time to be read when a process starts.
 */
const onlyClients = [
  replacing('client half', /./, [
    [
      /^nice-grpc$/,
      `module.exports = {
        ...require('nice-grpc-common'),
        createClient: require('nice-grpc/lib/client/ClientFactory').createClient,
      }`,
    ],
    [
      /^@grpc\/grpc-js$/,
      `module.exports = {
        ...require('@grpc/grpc-js/build/src/make-client'),
        Metadata: require('@grpc/grpc-js/build/src/metadata').Metadata,
        connectivityState: require('@grpc/grpc-js/build/src/connectivity-state').ConnectivityState,
        propagate: require('@grpc/grpc-js/build/src/constants').Propagate,
        status: require('@grpc/grpc-js/build/src/constants').Status,
      }`,
    ],
  ]),
  replacing('what it needs', /[\\/]nice-grpc(-common)?[\\/]/, [
    [
      /^abort-controller-x$/,
      `export { AbortError, execute, isAbortError, throwIfAborted, waitForEvent } from 'abort-controller-x'`,
    ],
  ]),
  replacing('no channel', /[\\/]@grpc[\\/]grpc-js[\\/]build[\\/]src[\\/]client\.js$/, [
    [/^\.\/channel$/, NOTHING],
  ]),
]

const FUNCTION_OF_METADATA: Wrapping = {
  banner: '"use strict";module.exports=(grpcJsMetadata)=>{const module={exports:{}};',
  footer: 'return module.exports}',
}

const metadataGiven = replacing('given', /[\\/]@grpc[\\/]grpc-js[\\/]/, [
  [/^(\.|@grpc\/grpc-js\/build\/src)\/metadata$/, 'module.exports = grpcJsMetadata'],
])

const channelApart: Plugin = {
  name: 'channel apart',
  setup: (build) => {
    const file = `./${GRPC_JS_CHANNEL}.js`
    build.onResolve({ filter: new RegExp(`^\\./${GRPC_JS_CHANNEL}\\.js$`) }, () => ({
      path: file,
      external: true,
    }))
    return replacing('channel', /./, [
      [new RegExp(`^\\./${GRPC_JS_CHANNEL}$`), `module.exports = require('${file}')(require('${METADATA}'))`],
    ]).setup(build)
  },
}
