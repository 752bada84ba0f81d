// The environment of test files that run on the embedded server instead of a real one. Where the table of known differences
// has a test, the test has to fail: a row that is no longer true fails the run.
import type { Circus } from '@jest/types'
import { EMBEDDED_ADDRESS, NO_JAVA_REASON, SHARED_ADDRESS, SKIP_REASON } from './conformance-environment'
import { differenceOf } from './known-differences'
import LeakEnvironment from './leak-environment'

const REAL_ONLY = 'it starts real servers'

class EmbeddedEnvironment extends LeakEnvironment {
  override async setup(): Promise<void> {
    await super.setup()
    const { env } = this.global.process
    for (const name of [SKIP_REASON, 'COHERENCE_TEST_MODE', 'COHERENCE_TEST_VERSION']) {
      Reflect.deleteProperty(env, name)
    }
    env[SHARED_ADDRESS] = env[EMBEDDED_ADDRESS]
    env[NO_JAVA_REASON] = REAL_ONLY
  }

  override handleTestEvent(event: Circus.Event): void {
    super.handleTestEvent(event)
    if (event.name !== 'test_done') return
    const { test } = event
    if (differenceOf(fullName(test)) === undefined || test.mode === 'skip') return
    if (test.errors.length > 0) {
      test.errors = []
    } else {
      test.errors.push(new Error('The servers no longer differ here: remove the row of known-differences.ts'))
    }
  }
}

function fullName({
  name,
  parent,
}: {
  readonly name: string
  readonly parent?: Circus.DescribeBlock
}): string {
  return parent === undefined || parent.name === 'ROOT_DESCRIBE_BLOCK'
    ? name
    : `${fullName(parent)} > ${name}`
}

export default EmbeddedEnvironment
