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
    new ConnectionError('lost', 'localhost:1408', 'not-sent'),
    new SessionClosedError('closed', 'not-sent'),
    new RequestTimeoutError('late', 'setAll', 5, 'not-sent'),
    new MapInactiveError('setAll', 'm', 'released', 'not-sent'),
  ])('never says that the call had no effect: %s', (error) => {
    const failure = afterPart('setAll', error)

    expect(failure).toBeInstanceOf(error.constructor)
    expect(failure).toMatchObject({ code: error.code, outcome: 'unknown' })
  })

  it('says nothing of the outcome where a value has no form', () => {
    const error = new CodecError('no form', 'value.a', { outcome: 'not-sent' })

    expect(afterPart('setAll', error)).toMatchObject({ path: 'value.a', outcome: undefined, cause: error })
  })

  it('is what it was where it says that already, or is none of ours', () => {
    const lost = new ConnectionError('lost', 'localhost:1408', 'unknown')
    const refused = new ServerError('refused', 'setAll', 'm')
    const reason = new Error('aborted')

    expect([lost, refused, reason].map((error) => afterPart('setAll', error))).toEqual([
      lost,
      refused,
      reason,
    ])
  })
})
