// Bundles the sources and the packages behind them: a process that starts loads one file in place of three hundred, and a
// user installs no other package. The channel of grpc-js, which few sessions use, is a file of its own that is loaded
// when it is asked for, and so is the one class by whose instances the two know each other. What must not be: two copies
// of a class that users see, so an entry point may share no code with another.
import { dirname, join } from 'node:path'
import { build as runBuild, type Plugin } from 'esbuild'
import { ROOT } from './entry-points'

/** The source files in a bundle, relative to the root of the project. */
export type BundledFiles = readonly string[]

const GRPC_JS_CHANNEL = 'grpc-js-channel'
const GRPC_JS_METADATA = 'grpc-js-metadata'

/** Writes the bundle of an entry point, and beside it what it loads of grpc-js. */
export async function bundle(source: string, outfile: string): Promise<BundledFiles> {
  const beside = (name: string): string => join(dirname(outfile), `${name}.js`)
  const channel = join(ROOT, 'src', 'transport', `${GRPC_JS_CHANNEL}.ts`)
  const metadata = join(ROOT, 'node_modules', '@grpc', 'grpc-js', 'build', 'src', 'metadata.js')
  const files = await Promise.all([
    bundleFile(source, outfile, [metadataApart, ...onlyClients, channelApart], EXPORTED_NAMES),
    bundleFile(channel, beside(GRPC_JS_CHANNEL), [metadataApart, withoutServers], ''),
    bundleFile(metadata, beside(GRPC_JS_METADATA), [], ''),
  ])
  return files.flat()
}

async function bundleFile(
  source: string,
  outfile: string,
  plugins: Plugin[],
  footer: string,
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

/** Of grpc-js the half that drives calls on a channel, whichever that is, and not the channel. */
const onlyClients = [
  replacing('client half', /./, [
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
  replacing('no channel', /[\\/]@grpc[\\/]grpc-js[\\/]build[\\/]src[\\/]client\.js$/, [
    [/^\.\/channel$/, NOTHING],
  ]),
  // nice-grpc corrects the channel of grpc-js, where there is one.
  replacing('nothing to correct', /[\\/]nice-grpc[\\/]/, [
    [/^@grpc\/grpc-js\/build\/src\/transport$/, NOTHING],
  ]),
]

const channelApart = apart(new RegExp(`^\\./${GRPC_JS_CHANNEL}$`), /./, GRPC_JS_CHANNEL)

const metadataApart = apart(
  /^(\.|@grpc\/grpc-js\/build\/src)\/metadata$/,
  /[\\/]@grpc[\\/]grpc-js[\\/]|^@grpc\/grpc-js$/,
  GRPC_JS_METADATA,
)

/** What these import by such a name is a file beside the bundle. */
function apart(filter: RegExp, importers: RegExp, file: string): Plugin {
  return {
    name: `${file} apart`,
    setup: (build) => {
      build.onResolve({ filter }, ({ importer }) =>
        importers.test(importer) ? { path: `./${file}.js`, external: true } : undefined,
      )
    },
  }
}
