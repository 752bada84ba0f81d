// What the embedded server does otherwise than a real one: the tests that fail on it, and why. `docs/testing.md` shows the
// reasons.

export interface Difference {
  /** The beginnings of the names of the tests. */
  readonly tests: readonly string[]
  /** For users, as a sentence. */
  readonly reason: string
}

export const KNOWN_DIFFERENCES: readonly Difference[] = [
  {
    tests: [
      'addIndex > makes an index, until removeIndex drops it',
      'addIndex > takes a path, as removeIndex does',
      'addIndex > takes a comparator, and another index of the same map',
    ],
    reason: 'The plan of a query (`aggregator.QueryRecorder`) names neither the filter nor its indexes.',
  },
  {
    tests: ['two sessions with different formats and codecs >'],
    reason: 'The serializer is `json`; a session of another format is refused.',
  },
  {
    tests: ['a failure on the server > of a regular expression has a message of one line'],
    reason: 'A regular expression that is wrong fails with another text.',
  },
]

/** Why this test fails on the embedded server; `undefined` where it has to pass. */
export function differenceOf(test: string): string | undefined {
  return KNOWN_DIFFERENCES.find(({ tests }) => tests.some((name) => test.startsWith(name)))?.reason
}
