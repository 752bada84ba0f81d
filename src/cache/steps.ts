// A call of the user that takes several requests, one after the other.
import type { Call } from '../protocol/call'

/** Makes one of the requests. It must use the call that it is called with. */
export type Step = <T>(request: (call: Call) => Promise<T>) => Promise<T>

/** Runs `run`. `call` is finished when `run` has settled and the server can do nothing more with any of its requests. */
export function inSteps<T>(call: Call, run: (step: Step) => Promise<T>): Promise<T> {
  let open = 1
  const close = (): void => {
    open -= 1
    if (open === 0) call.onFinished?.()
  }
  const step: Step = (request) => {
    open += 1
    let finished = false
    // A read of some keys is made of several requests, and each of them calls this.
    const onFinished = (): void => {
      if (!finished) close()
      finished = true
    }
    return request({ ...call, onFinished })
  }
  return run(step).finally(close)
}
