import {
  CodecError,
  ConnectionError,
  MapInactiveError,
  RequestTimeoutError,
  ServerError,
  SessionClosedError,
} from '../../../src/errors'
import { afterPart } from '../../../src/protocol/partial-write'

describe('a failure after other parts of the call were carried out', () => {
  it.each([
    new ConnectionError('lost', { address: 'localhost:1408', outcome: 'not-sent' }),
    new SessionClosedError('closed', { outcome: 'not-sent' }),
    new RequestTimeoutError('late', { operation: 'setAll', timeoutSeconds: 5, outcome: 'not-sent' }),
    new MapInactiveError('inactive', { mapName: 'm', reason: 'released', outcome: 'not-sent' }),
  ])('never says that the call had no effect: %s', (error) => {
    const failure = afterPart(error)

    expect(failure).toBeInstanceOf(error.constructor)
    expect(failure).toMatchObject({ code: error.code, outcome: 'unknown' })
  })

  it('says nothing of the outcome where a value has no form', () => {
    const error = new CodecError('no form', { path: 'value.a', outcome: 'not-sent' })

    expect(afterPart(error)).toMatchObject({ path: 'value.a', outcome: undefined, cause: error })
  })

  it('is what it was where it says that already, or is none of ours', () => {
    const lost = new ConnectionError('lost', { address: 'localhost:1408', outcome: 'unknown' })
    const refused = new ServerError('refused', { operation: 'setAll', serverMessage: 'refused' })
    const reason = new Error('aborted')

    expect([lost, refused, reason].map((error) => afterPart(error))).toEqual([lost, refused, reason])
  })
})
