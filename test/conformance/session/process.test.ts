// What a session does to its process: nothing keeps it alive after a close, nothing ends it before.
import { runProgram } from '../../support/child-program'
import { describeConformance, serverAddress } from '../../support/conformance'

function live(name: string): ReturnType<typeof runProgram> {
  return runProgram('session-lives', { name, address: serverAddress() })
}

describeConformance('a process', () => {
  it.each([
    ['after the session is closed', 'closed', true],
    ['after the language has disposed of the session', 'disposed', true],
    ['after streamed reads were left', 'abandoned streamed reads', 'ERR_COHERENCE_SESSION_CLOSED'],
    ['after many maps, without a warning of a leak', 'many maps', 40],
  ])('ends by itself %s', async (_when, name, printed) => {
    expect(await live(name)).toEqual({ printed: [printed], errors: '', status: 0 })
  })

  it('outlives reads while there is no connection, which fail, and a close that waits for none', async () => {
    expect(await live('reads while disconnected')).toEqual({
      printed: [
        { outcomes: Array.from({ length: 5 }, () => 'ERR_COHERENCE_CONNECTION'), closedQuickly: true },
      ],
      errors: '',
      status: 0,
    })
  })

  it('outlives listeners that throw; without an error listener it is a warning', async () => {
    const { printed, errors, status } = await live('listeners that throw')

    expect({ printed, status }).toEqual({ printed: [true], status: 0 })
    expect(errors).toMatch(/CoherenceWarning: .*thrown by a listener/)
    expect(errors).toMatch(/CoherenceWarning: .*thrown by another/)
  })
})
