// Linting: typescript-eslint's strict type-checked rules on everything we write by hand.
import eslint from '@eslint/js'
import tseslint from 'typescript-eslint'

const FAKEABLE_GLOBALS = [
  ...['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'setImmediate', 'clearImmediate'],
  ...['queueMicrotask', 'performance'],
]
const REAL_TIME = 'Fake timers of tests replace it: take what src/async/real-time.ts has.'

export default tseslint.config(
  {
    ignores: [
      'gen/**',
      'dist/**',
      'build/**',
      'coverage/**',
      '.cache/**',
      'bench/node_modules/**',
      'test/package/**',
    ],
  },
  eslint.configs.recommended,
  tseslint.configs.strictTypeChecked,
  tseslint.configs.stylisticTypeChecked,
  {
    languageOptions: {
      parserOptions: {
        projectService: { allowDefaultProject: ['*.mjs', '*.cjs', 'scripts/*.mjs'] },
        tsconfigRootDir: import.meta.dirname,
      },
    },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      'no-restricted-globals': ['error', { name: 'name', message: 'Declare it.' }],
      'no-console': 'error',
      eqeqeq: 'error',
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      // The reason of an abort is whatever its caller made it.
      '@typescript-eslint/prefer-promise-reject-errors': ['error', { allowThrowingUnknown: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/consistent-type-exports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/no-unnecessary-condition': [
        'error',
        { allowConstantLoopConditions: 'only-allowed-literals' },
      ],
      '@typescript-eslint/explicit-module-boundary-types': 'error',
    },
  },
  {
    files: ['src/**'],
    ignores: ['src/async/real-time.ts'],
    rules: {
      'no-restricted-globals': [
        'error',
        { name: 'name', message: 'Declare it.' },
        ...FAKEABLE_GLOBALS.map((name) => ({ name, message: REAL_TIME })),
      ],
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: REAL_TIME },
        { object: 'process', property: 'nextTick', message: REAL_TIME },
        { object: 'process', property: 'hrtime', message: REAL_TIME },
      ],
      'no-restricted-syntax': [
        'error',
        { selector: 'NewExpression[callee.name=Date][arguments.length=0]', message: REAL_TIME },
      ],
      'no-restricted-imports': [
        'error',
        ...['timers', 'node:timers', 'timers/promises', 'node:timers/promises', 'node:perf_hooks'].map(
          (name) => ({ name, message: REAL_TIME }),
        ),
      ],
    },
  },
  { files: ['scripts/**', 'examples/**', 'bench/**'], rules: { 'no-console': 'off' } },
  {
    files: ['test/**'],
    rules: {
      'no-restricted-globals': [
        'error',
        { name: 'name', message: 'Declare it.' },
        { name: 'test', message: 'Write it.' },
      ],
      '@typescript-eslint/no-confusing-void-expression': 'off',
      '@typescript-eslint/require-await': 'off',
    },
  },
  {
    files: ['**/*.mjs', '**/*.cjs'],
    extends: [tseslint.configs.disableTypeChecked],
    rules: { '@typescript-eslint/explicit-module-boundary-types': 'off' },
  },
  { files: ['*.config.mjs'], languageOptions: { globals: { URL: 'readonly' } } },
  { files: ['**/*.cjs'], languageOptions: { globals: { module: 'writable', require: 'readonly' } } },
  {
    files: ['examples/testing/*.jest.test.cjs'],
    rules: { '@typescript-eslint/no-require-imports': 'off' },
    languageOptions: {
      globals: Object.fromEntries(
        ['afterAll', 'beforeAll', 'beforeEach', 'expect', 'test'].map((name) => [name, 'readonly']),
      ),
    },
  },
  {
    files: ['**/index.{ts,mts,cts}'],
    ignores: ['src/index.ts'],
    rules: {
      'no-restricted-syntax': ['error', { selector: 'Program', message: 'src/index.ts is the only index.' }],
    },
  },
)
