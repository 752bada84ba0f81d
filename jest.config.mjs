// Tests in projects: `unit` and `protocol` need nothing, `conformance` runs against a real Coherence, `embedded` runs the
// same suites against the embedded server, `simulation` puts virtual time and a network of its own under the client, `support`
// tests the servers of the tests themselves.
import { readFileSync } from 'node:fs'
import process from 'node:process'

/** What `coherence-ts` is in the tests: the sources, or with COHERENCE_TEST_BUILD the file that users get. */
const underTest = process.env['COHERENCE_TEST_BUILD'] || 'src/index.ts'

// jest runs CommonJS.
const { compilerOptions } = JSON.parse(readFileSync(new URL('tsconfig.json', import.meta.url), 'utf8'))

const moduleNameMapper = {
  '^coherence-ts$': `<rootDir>/${underTest}`,
  '^coherence-ts/testing$': '<rootDir>/src/testing.ts',
  '^(\\.{1,2}/.*)\\.js$': '$1',
}

const project = (name, more = {}) => ({
  displayName: name,
  testEnvironment: '<rootDir>/test/support/leak-environment.ts',
  testMatch: [`<rootDir>/test/${name}/**/*.test.ts`],
  modulePathIgnorePatterns: ['<rootDir>/(bench|\\.cache)/'],
  // Types are checked by `npm run check`; here each file is only translated.
  transform: {
    '^.+\\.ts$': ['ts-jest', { diagnostics: false, tsconfig: { ...compilerOptions, module: 'commonjs' } }],
  },
  moduleNameMapper,
  ...more,
})

const onEitherTransport = { setupFiles: ['<rootDir>/test/support/transport-under-test.ts'] }

/**
 * Suites of the conformance that are about the client alone, and take three minutes. With CI=true, where the real server runs
 * them in any case, the embedded server leaves them out.
 */
const CLIENT_ALONE = [
  'promises/(bulk|limits|iteration-memory|order)\\.test',
  'session/(creation|process)\\.test',
  'events/load\\.test',
]

/** A server in the process of the client answers so fast that few calls are in flight when the connection goes silent. */
const SLOW_SERVER_ONLY = ['session/silence\\.test']

const withServer = {
  globalSetup: '<rootDir>/test/support/global-setup.ts',
  globalTeardown: '<rootDir>/test/support/global-teardown.ts',
}

export default {
  projects: [
    project('unit'),
    project('protocol', onEitherTransport),
    project('conformance', { ...onEitherTransport, ...withServer }),
    project('embedded', {
      testMatch: ['<rootDir>/test/conformance/**/*.test.ts'],
      testPathIgnorePatterns: [...SLOW_SERVER_ONLY, ...(process.env['CI'] === 'true' ? CLIENT_ALONE : [])],
      testEnvironment: '<rootDir>/test/support/embedded-environment.ts',
      globalSetup: '<rootDir>/test/support/embedded-setup.ts',
      globalTeardown: '<rootDir>/test/support/embedded-teardown.ts',
    }),
    project('simulation', {
      moduleNameMapper: {
        ...moduleNameMapper,
        // What the library stands on: time, the network, and chance.
        '(^\\.|/async)/real-time$': '<rootDir>/test/simulation/virtual-time.ts',
        '/http2/open-channel$': '<rootDir>/test/simulation/simulated-channel.ts',
        '^node:crypto$': '<rootDir>/test/simulation/seeded-crypto.ts',
      },
    }),
    project('support', withServer),
  ],
  testTimeout: 60000,
  // Suites that start servers of their own take a core and 250 MB each.
  maxWorkers: 2,
}
