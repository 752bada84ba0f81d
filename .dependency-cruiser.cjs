// Which part of the library may import which. Imports go one way:
// index -> session -> cache -> (query, codec, protocol) -> transport -> errors. All may import async: time and waiting.
'use strict'

const ALLOWED = {
  'src/index\\.ts$': ['src/'],
  'src/session/': ['src/(session|calls|cache|query|codec|protocol|transport|async)/', 'src/errors\\.ts$'],
  'src/cache/': ['src/(calls|cache|query|codec|protocol|transport|async)/', 'src/errors\\.ts$'],
  'src/calls/': ['src/calls/', 'src/errors\\.ts$'],
  'src/query/': ['src/(query|codec)/', 'src/errors\\.ts$'],
  'src/codec/': ['src/(codec|query)/', 'src/errors\\.ts$'],
  'src/protocol/': ['src/(protocol|transport|async)/', 'src/errors\\.ts$', 'gen/'],
  'src/transport/': ['src/(transport|async)/', 'src/errors\\.ts$', 'gen/'],
  'src/testing/': ['src/(testing|codec|query)/', 'src/errors\\.ts$', 'gen/'],
  'src/cli/': ['src/(cli|testing)/', 'src/index\\.ts$'],
  'src/async/': ['src/async/'],
  'src/errors\\.ts$': [],
  'gen/': ['gen/'],
  'examples/': ['examples/', 'src/index\\.ts$'],
}

const layers = Object.entries(ALLOWED).map(([from, to]) => ({
  name: `layer ${from.replace('\\.ts$', '')}`,
  comment: 'This part of the library may not import that one.',
  severity: 'error',
  from: { path: `^${from}` },
  to: {
    path: '^(src|gen|test|scripts|examples|bench)/',
    ...(to.length > 0 && { pathNot: to.map((path) => `^${path}`) }),
  },
}))

/** Only files that match `importers` may import the package. */
const onlyFor = (packageName, importers) => ({
  name: `${packageName} only in its place`,
  comment: `Only ${importers} may import ${packageName}.`,
  severity: 'error',
  from: { path: '^(src|gen|examples)/', pathNot: importers },
  to: { path: `(^|node_modules/)${packageName}(/|$)` },
})

const PACKAGES = ['@grpc/grpc-js', 'nice-grpc(-common)?', 'zod', '@bufbuild/protobuf']

module.exports = {
  forbidden: [
    ...layers,
    ...[
      ['codec', 'query'],
      ['query', 'codec'],
    ].map(([from, to]) => ({
      name: `${from} knows only types of ${to}`,
      comment: 'They are joined by plain data; at run time neither needs the other.',
      severity: 'error',
      from: { path: `^src/${from}/` },
      to: { path: `^src/${to}/`, dependencyTypesNot: ['type-only'] },
    })),
    onlyFor('@grpc/grpc-js', '^(src/(protocol|transport|testing)|gen)/'),
    onlyFor('nice-grpc(-common)?', '^(src/(protocol|transport|testing)|gen)/'),
    onlyFor('zod', '^src/session/([^/]*options[^/]*|schema-issues)\\.ts$'),
    onlyFor('@bufbuild/protobuf', '^gen/'),
    {
      name: 'no other packages',
      comment: 'The library depends on these packages and no others.',
      severity: 'error',
      from: { path: '^(src|gen)/' },
      to: {
        dependencyTypesNot: ['core', 'local', 'type-only', 'type-import'],
        path: 'node_modules',
        pathNot: `node_modules/(${PACKAGES.join('|')})/`,
      },
    },
    {
      name: 'no cycles',
      comment:
        'What needs each other to run is one thing, or a third one is missing. Types may name each other.',
      severity: 'error',
      from: { path: '^(src|scripts|test|examples)/' },
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'resolvable',
      comment: 'This cannot be found.',
      severity: 'error',
      from: { path: '^(src|scripts|examples)/' },
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['require', 'types', 'node', 'default'],
    },
  },
}
