import { setImmediate } from 'node:timers/promises'
import { now } from '../../../src/async/real-time'
import { type Settle, settledWithin, waitFor } from '../../../src/async/wait'

const late = (): Error => new Error('too late')

describe('waiting', () => {
  it('settles as the work does, once, and cleans up once', async () => {
    const cleanUp = jest.fn()
    let settle!: Settle<number>
    const wait = waitFor<number>({ deadline: Infinity, signal: undefined }, late, (settling) => {
      settle = settling
      return cleanUp
    })
    settle.resolve(1)
    settle.reject(new Error('again'))
    settle.resolve(2)
    await expect(wait).resolves.toBe(1)
    expect(cleanUp).toHaveBeenCalledTimes(1)
  })

  it('cleans up if the work settles while it begins', async () => {
    const cleanUp = jest.fn()
    const wait = waitFor<string>({ deadline: Infinity, signal: undefined }, late, ({ resolve }) => {
      resolve('at once')
      return cleanUp
    })
    await expect(wait).resolves.toBe('at once')
    expect(cleanUp).toHaveBeenCalledTimes(1)
  })

  it('rejects with the error of the caller when the deadline passes', async () => {
    const cleanUp = jest.fn()
    const wait = waitFor<never>({ deadline: now() + 1, signal: undefined }, late, () => cleanUp)
    await expect(wait).rejects.toThrow('too late')
    expect(cleanUp).toHaveBeenCalledTimes(1)
  })

  it('rejects with the reason of the signal when it aborts', async () => {
    const cleanUp = jest.fn()
    const abort = new AbortController()
    const wait = waitFor<never>({ deadline: Infinity, signal: abort.signal }, late, () => cleanUp)
    abort.abort('enough')
    await expect(wait).rejects.toBe('enough')
    expect(cleanUp).toHaveBeenCalledTimes(1)
  })

  it('does not begin if the signal has aborted', async () => {
    const begin = jest.fn()
    const wait = waitFor<never>({ deadline: Infinity, signal: AbortSignal.abort('before') }, late, begin)
    await expect(wait).rejects.toBe('before')
    expect(begin).not.toHaveBeenCalled()
  })
})

describe('waiting for a promise', () => {
  it('leaves no rejection unhandled if the wait ended before', async () => {
    const unhandled = jest.fn()
    process.on('unhandledRejection', unhandled)
    const wait = settledWithin(
      Promise.reject(new Error('nobody waits')),
      { deadline: Infinity, signal: AbortSignal.abort('before') },
      late,
    )
    await expect(wait).rejects.toBe('before')
    await setImmediate()
    process.off('unhandledRejection', unhandled)
    expect(unhandled).not.toHaveBeenCalled()
  })
})
