// A call that takes several requests is finished when the server can do nothing more with any of them.
import { inSteps } from '../../../src/calls/steps'
import { turns } from '../../support/turns'
import { callOf, FakeRemote } from './fake-remote'

function begin(run: (remote: FakeRemote) => Parameters<typeof inSteps>[1]): {
  remote: FakeRemote
  finished: jest.Mock
  result: Promise<unknown>
} {
  const remote = new FakeRemote()
  const finished = jest.fn()
  const result = inSteps({ ...callOf('whole'), onFinished: finished }, run(remote))
  return { remote, finished, result: result.catch((error: unknown) => error) }
}

describe('a call in steps', () => {
  it('is finished once, after its last request', async () => {
    const { remote, finished, result } = begin((at) => async (step) => {
      await step(at.run('first'))
      return step(at.run('second'))
    })
    await remote.answer('first')
    expect(finished).not.toHaveBeenCalled()
    await remote.answer('second')
    expect(await result).toBe('second')
    expect(finished).toHaveBeenCalledTimes(1)
  })

  it('is not finished while the server may go on with a request that its caller gave up', async () => {
    const { remote, finished, result } = begin((at) => async (step) => {
      await step(at.run('first'))
      return step(at.run('second'))
    })
    await remote.answer('first')
    await remote.timeOut('second')
    await result
    expect(finished).not.toHaveBeenCalled()
    await remote.finish('second')
    expect(finished).toHaveBeenCalledTimes(1)
  })

  it('is finished where it fails between two requests', async () => {
    const { remote, finished, result } = begin((at) => async (step) => {
      await step(at.run('first'))
      throw new Error('too large')
    })
    await remote.answer('first')
    expect(await result).toEqual(new Error('too large'))
    expect(finished).toHaveBeenCalledTimes(1)
  })

  it('takes a request that says so twice as one', async () => {
    const { remote, finished } = begin((at) => async (step) => {
      await step((call) => {
        const answer = at.run('first')(call)
        call.onFinished?.()
        call.onFinished?.()
        return answer
      })
      return step(at.run('second'))
    })
    await turns()
    await remote.answer('first')
    expect(finished).not.toHaveBeenCalled()
    await remote.answer('second')
    expect(finished).toHaveBeenCalledTimes(1)
  })
})
