// Runs a call that makes several requests, one after the other.
import type { Call } from './call'

/** Makes one of the requests. It must use the call that it gets. */
export type Step = <T>(request: (call: Call) => Promise<T>) => Promise<T>

/** Runs `run`. `call` is finished when `run` has settled and the server has finished all its requests. */
export function inSteps<T>(call: Call, run: (step: Step) => Promise<T>): Promise<T> {
  let open = 1
  const close = (): void => {
    open -= 1
    if (open === 0) call.onFinished?.()
  }
  const step: Step = (request) => {
    open += 1
    let finished = false
    // A read of some keys consists of several requests, and each of them calls this.
    const onFinished = (): void => {
      if (!finished) close()
      finished = true
    }
    return request({ ...call, onFinished })
  }
  return run(step).finally(close)
}
