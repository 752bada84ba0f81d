// Bundles an entry point and the packages behind it into one CommonJS file: a process that starts loads one file in place
// of three hundred, and a user installs no other package. What must not be: a second copy of this library's classes,
// so there is one bundle for each entry point and no entry point may share code with another.
import { build as runBuild, type Plugin } from 'esbuild'
import { ROOT } from './entry-points'

/** The source files in a bundle, as absolute paths or relative to the root of the project. */
export type BundledFiles = readonly string[]

export async function bundle(source: string, outfile: string): Promise<BundledFiles> {
  const { metafile } = await runBuild({
    absWorkingDir: ROOT,
    entryPoints: [source],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20.19',
    // Modules can be left out of a bundle where nothing uses them, CommonJS cannot.
    mainFields: ['module', 'main'],
    plugins: [withoutProtoLoader],
    metafile: true,
    legalComments: 'none',
    footer: { js: EXPORTED_NAMES },
    logLevel: 'warning',
  })
  return Object.keys(metafile.inputs)
}

/** A class that names itself is called differently in a bundle, which users would see where one is printed. */
const EXPORTED_NAMES = `for (const [name, value] of Object.entries(module.exports)) {
  if (typeof value === 'function') Object.defineProperty(value, 'name', { value: name, configurable: true });
}`

/** grpc-js reads `.proto` files for two services of its servers, with a parser that is a quarter of the bundle. */
const withoutProtoLoader: Plugin = {
  name: 'without proto-loader',
  setup: (build) => {
    build.onResolve({ filter: /^@grpc\/proto-loader$/ }, ({ path }) => ({ path, namespace: 'left-out' }))
    build.onLoad({ filter: /.*/, namespace: 'left-out' }, ({ path }) => ({
      contents: `throw new Error('${path} is not part of this package')`,
    }))
  },
}
