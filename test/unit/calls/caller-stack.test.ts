// Stacks that show the code that made a call: captured when it is made, or found when it fails.
import {
  atOnce,
  type CallerStack,
  captureCaller,
  captureFewCallers,
  fromCaller,
  keepStack,
  onBehalfOf,
  wrongArgument,
} from '../../../src/calls/caller-stack'
import { CodecError, ProtocolError } from '../../../src/errors'

/** Frames of the code that answers, as a reader of a socket has them. */
function answered(message = 'no', cause?: unknown): ProtocolError {
  return new ProtocolError(message, { cause })
}

function placeOrder(): CallerStack {
  return captureCaller()
}

function stackOf(error: unknown): string[] {
  return String((error as Error).stack).split('\n')
}

describe('a captured stack', () => {
  it('becomes that of the error, below its message', () => {
    const error = answered()
    expect(stackOf(error)[1]).toContain('answered')

    expect(fromCaller(error, placeOrder(), undefined)).toBe(error)

    const [first, second] = stackOf(error)
    expect(first).toBe('ProtocolError: no')
    expect(second).toMatch(/placeOrder.*caller-stack\.test\.ts:20:23/)
  })

  it('leaves everything else of the error as it is', () => {
    const cause = new Error('why')
    const error = fromCaller(
      new CodecError('no', { path: 'value.a', cause, outcome: 'applied' }),
      placeOrder(),
      undefined,
    )

    expect(error).toBeInstanceOf(CodecError)
    expect(error).toMatchObject({
      message: 'no',
      name: 'CodecError',
      path: 'value.a',
      outcome: 'applied',
      cause,
    })
    expect(Object.keys(error as Error)).not.toContain('stack')
  })

  it('is formatted by Error.prepareStackTrace, when it is read', () => {
    const error = fromCaller(answered(), placeOrder(), undefined) as Error
    const before = Object.getOwnPropertyDescriptor(Error, 'prepareStackTrace')
    Error.prepareStackTrace = ({ name, message }, sites) => [name, message, sites[0]?.getFunctionName()]
    const { stack } = error
    if (before === undefined) Reflect.deleteProperty(Error, 'prepareStackTrace')
    else Object.defineProperty(Error, 'prepareStackTrace', before)

    expect(stack).toEqual(['ProtocolError', 'no', 'placeOrder'])
  })

  it('of an engine that formats it when it is captured gets the message of the error', () => {
    const early = { name: '', message: '', stack: 'Error\n    at placeOrder (orders.js:5:1)' }
    const error = fromCaller(answered(), early, undefined) as Error
    expect(error.stack).toBe('ProtocolError: no\n    at placeOrder (orders.js:5:1)')
  })

  it('can be replaced like any other', () => {
    const error = fromCaller(answered(), placeOrder(), undefined) as Error
    error.stack = 'mine'
    expect(Object.getOwnPropertyDescriptor(error, 'stack')).toEqual({
      value: 'mine',
      configurable: true,
      enumerable: false,
      writable: true,
    })
  })
})

describe('without a captured stack', () => {
  it('an error shows the function that awaits the call', async () => {
    const call = onBehalfOf(
      undefined,
      undefined,
      () => new Promise((_, reject) => setImmediate(() => reject(answered()))),
    )
    async function awaitOrder(): Promise<void> {
      await call
    }

    const error = await awaitOrder().catch((failure: unknown) => failure)

    expect(stackOf(error).join('\n')).toMatch(/onBehalfOf[^]*awaitOrder/)
    expect(stackOf(error).join('\n')).not.toContain('answered')
  })

  it('an error that is thrown at once shows the function that calls', () => {
    const deep = (levels: number): never => {
      if (levels > 0) return deep(levels - 1)
      throw answered()
    }
    function callAtOnce(): unknown {
      return atOnce(() => deep(50))
    }

    let error: unknown
    try {
      callAtOnce()
    } catch (failure) {
      error = failure
    }

    expect(stackOf(error).slice(0, 4).join('\n')).toMatch(/atOnce[^]*callAtOnce/)
  })
})

describe('the stack stays as it is of', () => {
  const leftAlone: Record<string, () => { error: unknown; signal?: AbortSignal }> = {
    'a defect': () => ({ error: new TypeError('undefined is not a function') }),
    'an error of the application': () => ({ error: new Error('mine') }),
    'an error that is frozen': () => ({ error: Object.freeze(answered()) }),
    'an error of this library that the application threw': () => ({ error: keepStack(answered()) }),
    'the reason of the signal that aborted the call': () => {
      const error = answered()
      return { error, signal: AbortSignal.abort(error) }
    },
  }

  it.each(Object.keys(leftAlone))('%s', (what) => {
    const { error, signal } = leftAlone[what]?.() ?? { error: undefined }
    const before = stackOf(error)
    expect(fromCaller(error, placeOrder(), signal)).toBe(error)
    expect(stackOf(error)).toEqual(before)
  })

  it('what is no error', () => {
    for (const thrown of [undefined, null, 'no', 5, {}]) {
      expect(fromCaller(keepStack(thrown), placeOrder(), undefined)).toBe(thrown)
    }
  })
})

it('an error for a wrong argument gets the stack of the caller', () => {
  const error = fromCaller(wrongArgument('get: no'), placeOrder(), undefined)
  expect(error).toEqual(new TypeError('get: no'))
  expect(stackOf(error).slice(0, 2).join()).toMatch(/^TypeError: get: no, +at placeOrder/)
})

it('a second call with the same error gets an equal one of its own, and the first is as it was', () => {
  const cause = new Error('why')
  const error = answered('no', cause)
  const first = fromCaller(error, placeOrder(), undefined)
  const before = stackOf(first)

  const second = (function payOrder() {
    return fromCaller(error, captureCaller(), undefined)
  })()

  expect([first === error, second === error]).toEqual([true, false])
  expect(second).toBeInstanceOf(ProtocolError)
  expect(second).toMatchObject({
    name: 'ProtocolError',
    message: 'no',
    code: 'ERR_COHERENCE_PROTOCOL',
    cause,
  })
  expect(Object.prototype.toString.call(second)).toBe('[object Error]')
  expect(stackOf(second).slice(0, 2).join()).toMatch(/^ProtocolError: no, +at payOrder/)
  expect(stackOf(first)).toEqual(before)
})

describe('of many calls', () => {
  /** How many of `calls` calls at `time` are captured. */
  function capturedAt(time: number, calls: number): number {
    let captured = 0
    for (let call = 0; call < calls; call++) if (captureFewCallers(time) !== undefined) captured += 1
    return captured
  }

  it('a thousand are captured, and a hundred more with each second', () => {
    const start = 1e12
    expect(capturedAt(start, 2_000)).toBe(1_000)
    expect(capturedAt(start + 9, 10)).toBe(0)
    expect(capturedAt(start + 1_000, 200)).toBe(100)
    expect(capturedAt(start + 1e6, 2_000)).toBe(1_000)
  })

  it('none are captured, and then as many as before, when the clock is set back', () => {
    capturedAt(2e12, 2_000)
    expect([capturedAt(1e12, 10), capturedAt(1e12 + 50, 100)]).toEqual([0, 5])
  })

  it('a captured one shows the function that made the call', () => {
    function captureOrder(): CallerStack | undefined {
      return captureFewCallers(3e12)
    }
    expect(stackOf(captureOrder())[1]).toContain('captureOrder')
  })
})
