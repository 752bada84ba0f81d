// Bundles the sources and the packages behind them: a process that starts loads one file in place of three hundred, and a
// user installs no other package. What is not needed to connect is in files of its own (parts.ts), and so is the channel
// of grpc-js, which few sessions use: a function of the one module by whose class the two know each other, which is
// with the first. What must not be: two copies of a class that users see, so an entry point may share no code with
// another.
import { dirname, join } from 'node:path'
import { version } from '@grpc/grpc-js/package.json'
import type { Plugin } from 'esbuild'
import { ROOT } from './entry-points'
import { type Wrapping, writeFileOf } from './esbuild'
import { bundleInParts } from './parts'

/** The files in a bundle, relative to the root of the project. */
export type BundledFiles = readonly string[]

const GRPC_JS_CHANNEL = 'grpc-js-channel'
const METADATA = '@grpc/grpc-js/build/src/metadata'

/** Writes the bundle of an entry point, and beside it its parts and the channel of grpc-js. */
export async function bundle(source: string, outfile: string): Promise<BundledFiles> {
  const folder = dirname(outfile)
  const channel = join(ROOT, 'src', 'transport', `${GRPC_JS_CHANNEL}.ts`)
  const files = await Promise.all([
    bundleInParts(source, outfile, [...onlyClients, channelApart]),
    writeFileOf(`export * from ${JSON.stringify(channel)}`, join(folder, `${GRPC_JS_CHANNEL}.js`), {
      plugins: [metadataGiven, withoutServers],
      ...FUNCTION_OF_METADATA,
    }),
  ])
  return files.flat()
}

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

const OTHER_CALLS = `const leftOut = () => {
  throw new Error('The bundle has clients for calls with streams both ways only; see scripts/build/bundle.ts')
}
module.exports = {
  createUnaryMethod: leftOut,
  createClientStreamingMethod: leftOut,
  createServerStreamingMethod: leftOut,
}`

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
      /^nice-grpc-common$/,
      `module.exports = {
        ClientError: require('nice-grpc-common/lib/client/ClientError').ClientError,
        Metadata: require('nice-grpc-common/lib/Metadata').Metadata,
        Status: require('nice-grpc-common/lib/Status').Status,
        composeClientMiddleware: require('nice-grpc-common/lib/client/composeClientMiddleware').composeClientMiddleware,
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
  // v1's service has one call, with streams both ways. Who makes a client of another service is told.
  replacing('one kind of call', /[\\/]nice-grpc[\\/]lib[\\/]client[\\/]ClientFactory\.js$/, [
    [/^\.\/create(Unary|ClientStreaming|ServerStreaming)Method$/, OTHER_CALLS],
  ]),
  replacing('version alone', /[\\/]@grpc[\\/]grpc-js[\\/]build[\\/]src[\\/]/, [
    [/^\.\.\/\.\.\/package\.json$/, `module.exports = { version: '${version}' }`],
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
