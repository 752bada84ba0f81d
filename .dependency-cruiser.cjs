// Which part of the library may import which. Imports go one way:
// index -> session -> cache -> (query, codec, protocol) -> transport -> errors. The ground floor is for all: async (time and
// waiting), bytes, and for what users call, calls.
'use strict'

const BELOW = ['src/(async|calls)/', 'src/(errors|bytes)\\.ts$']

const ALLOWED = {
  'src/index\\.ts$': ['src/(session|cache|query|codec|protocol|transport)/', ...BELOW],
  'src/testing\\.ts$': ['src/testing/'],
  'src/session/': ['src/(session|cache|query|codec|protocol|transport)/', ...BELOW],
  'src/cache/': ['src/(cache|query|codec|protocol)/', ...BELOW],
  'src/protocol/': ['src/(protocol|transport)/', ...BELOW, 'gen/'],
  'src/transport/': ['src/(transport|async)/', 'src/(errors|bytes)\\.ts$', 'gen/'],
  'src/query/': ['src/(query|codec)/', 'src/calls/shown\\.ts$', 'src/errors\\.ts$'],
  'src/codec/': ['src/(codec|query)/', 'src/(errors|bytes)\\.ts$'],
  'src/calls/': ['src/(calls|query|async)/', 'src/(errors|bytes)\\.ts$'],
  'src/testing/': ['src/(testing|codec|query|async)/', 'src/(errors|bytes)\\.ts$', 'gen/'],
  'src/cli/': ['src/(cli|testing)/', 'src/index\\.ts$'],
  'src/async/': ['src/async/'],
  'src/bytes\\.ts$': [],
  'src/errors\\.ts$': ['src/errors/'],
  'src/errors/': ['src/errors/'],
  'gen/': ['gen/'],
  'examples/': ['examples/', 'src/(index|testing)\\.ts$'],
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
    onlyFor('zod', '^src/session/options/'),
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
      name: 'no cycles of types in src',
      comment:
        'Only MapEvent and NamedMap may name each other: an event has its map, and a map gives events.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/cache/(events/map-event|named-map)\\.ts$' },
      to: { circular: true, viaOnly: { pathNot: '^src/cache/events/map-event\\.ts$' } },
    },
    {
      name: 'protocol does not look up',
      comment: 'Files of src/protocol itself are for any version; only connect.ts chooses one.',
      severity: 'error',
      from: { path: '^src/protocol/[^/]+\\.ts$', pathNot: '^src/protocol/connect\\.ts$' },
      to: { path: '^src/protocol/(v[0-9]|registrations)/' },
    },
    {
      name: 'rooms of v1',
      comment: 'In src/protocol/v1, wire knows no stream, and neither knows a service.',
      severity: 'error',
      from: { path: '^src/protocol/v1/(wire|stream)/' },
      to: { path: '^src/protocol/v1/(cache/|connection|service)' },
    },
    {
      name: 'wire knows no stream',
      severity: 'error',
      from: { path: '^src/protocol/v1/wire/' },
      to: { path: '^src/protocol/v1/stream/' },
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
