// Tests in projects: `unit` and `protocol` need nothing, `conformance` runs against a real Coherence.
const project = (name, more = {}) => ({
  displayName: name,
  testEnvironment: 'node',
  testMatch: [`<rootDir>/test/${name}/**/*.test.ts`],
  transform: { '^.+\\.ts$': ['ts-jest', { diagnostics: false }] },
  moduleNameMapper: { '^coherence-ts$': '<rootDir>/src/index.ts', '^(\\.{1,2}/.*)\\.js$': '$1' },
  ...more,
})

export default {
  projects: [
    project('unit'),
    project('protocol'),
    project('conformance', {
      globalSetup: '<rootDir>/test/support/global-setup.ts',
      globalTeardown: '<rootDir>/test/support/global-teardown.ts',
    }),
  ],
  testTimeout: 60000,
}
