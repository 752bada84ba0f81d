// The library is transformed as the code of a project is.
export default {
  test: {
    globals: true,
    include: ['vitest/*.test.mjs', 'testing/*.vitest.test.mjs'],
    server: { deps: { inline: ['coherence-ts'] } },
  },
}
