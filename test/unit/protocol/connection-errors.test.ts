import { ClientError, Status } from 'nice-grpc'
import { ConnectionError, ProtocolError, RequestTimeoutError } from '../../../src/errors'
import {
  connectFailure,
  connectionLoss,
  isUnreadable,
  lostError,
} from '../../../src/protocol/connection-errors'
import { faultOfHeader } from '../../../src/transport/http2/message-splitter'

const PATH = '/coherence.proxy.v1.ProxyService/subChannel'
const GET = { operation: 'get', mapName: 'm' }

function unavailable(details: string): ClientError {
  return new ClientError(PATH, Status.UNAVAILABLE, details)
}

describe('why no connection could be made', () => {
  it.each([
    [
      'No connection established. Last error: connect ECONNREFUSED 127.0.0.1:1',
      'connect ECONNREFUSED 127.0.0.1:1 (is the server up, and is this its gRPC port?)',
    ],
    [
      'No connection established. Last error: Error: connect ECONNREFUSED 127.0.0.1:1. Resolution note: ',
      'connect ECONNREFUSED 127.0.0.1:1 (is the server up, and is this its gRPC port?)',
    ],
    [
      'No connection established. Last error: Protocol error (2026-11-25T13:08:56.088Z). Resolution note: ',
      'Protocol error (do both sides agree on TLS, and is this a gRPC port?)',
    ],
    [
      'No connection established. Last error: 80DC2209F67F0000:error:0A00010B:SSL routines:ssl3_get_record:' +
        'wrong version number:../deps/openssl/openssl/ssl/record/ssl3_record.c:350:\n',
      'TLS failed: wrong version number (do both sides agree on TLS, and is this a gRPC port?)',
    ],
    [
      'No connection established. Last error: 80DC2209F67F0000:error:0A00045C:SSL routines:ssl3_read_bytes:' +
        'tlsv13 alert certificate required:../deps/openssl/openssl/ssl/record/rec_layer_s3.c:1601:SSL alert number 116\n',
      'TLS failed: tlsv13 alert certificate required (check tlsOptions)',
    ],
    [
      'No connection established. Last error: Error [ERR_TLS_CERT_ALTNAME_INVALID]: Hostname/IP does not match ' +
        "certificate's altnames: IP: 127.0.0.1 is not in the cert's list: . Resolution note: ",
      "Hostname/IP does not match certificate's altnames: IP: 127.0.0.1 is not in the cert's list (check tlsOptions)",
    ],
    ['getaddrinfo ENOTFOUND nowhere', 'getaddrinfo ENOTFOUND nowhere'],
  ])('is said in plain words: %s', (details, text) => {
    const error = unavailable(details)
    const failure = connectFailure('host:1', error)

    expect(failure).toEqual(
      new ConnectionError(`No connection to host:1: ${text}`, {
        address: 'host:1',
        outcome: 'not-sent',
        cause: error,
      }),
    )
    expect(failure.cause).toBe(error)
  })

  it('names the address also where the server broke the protocol', () => {
    const failure = connectFailure('host:1', new ProtocolError('The server ended the stream'))

    expect(failure.message).toBe('No connection to host:1: The server ended the stream')
  })

  it('stays as it is where it is an error of this library', () => {
    const timeout = new RequestTimeoutError('too late', {
      operation: 'create',
      timeoutSeconds: 1,
      outcome: 'not-sent',
    })

    expect(connectFailure('host:1', timeout)).toBe(timeout)
  })
})

describe('a call that lost its connection', () => {
  it('was not sent where it waited for another', () => {
    const loss = connectionLoss('host:1', unavailable('read ECONNRESET'))

    expect(loss.message).toBe('The connection to host:1 was lost: read ECONNRESET')
    expect(lostError(GET, 'host:1', 'not-sent', loss).message).toBe(
      "get on map 'm' was not sent: The connection to host:1 was lost: read ECONNRESET",
    )
  })

  it('has a reason where the server ended the stream without one', () => {
    const loss = connectionLoss('host:1', new ClientError(PATH, Status.UNKNOWN, ''))

    expect(loss.message).toBe(
      'The connection to host:1 was lost: the server ended the stream with the status UNKNOWN',
    )
  })

  it('names what failed meanwhile', () => {
    const failure = connectFailure('host:1', unavailable('connect ECONNREFUSED 127.0.0.1:1'))

    expect(lostError(GET, 'host:1', 'not-sent', failure).message).toBe(
      "get on map 'm' was not sent: No connection to host:1: connect ECONNREFUSED 127.0.0.1:1 " +
        '(is the server up, and is this its gRPC port?)',
    )
  })

  it('may have been carried out where it was sent', () => {
    const error = lostError(GET, 'host:1', 'unknown', unavailable('read ECONNRESET'))

    expect(error).toMatchObject({ outcome: 'unknown', address: 'host:1' })
    expect(error.message).toBe(
      "get on map 'm' lost its connection before the answer: The connection to host:1 was lost: read ECONNRESET",
    )
  })
})

describe('a stream that is given up because of what came on it', () => {
  it.each([
    ['a message that is too large', 0, 11],
    ['a compressed message', 1, 1],
    ['bytes that are no gRPC', 0x67, 1],
  ])('is known by what the channel says: %s', (_what, flags, length) => {
    const { details } = faultOfHeader(flags, length, 10) ?? {}

    expect(isUnreadable(new ClientError(PATH, Status.INTERNAL, details ?? ''))).toBe(true)
  })

  it.each([
    [new ProtocolError('The server sent an answer that cannot be read'), true],
    [new ClientError(PATH, Status.RESOURCE_EXHAUSTED, 'too many streams'), false],
    [unavailable('Received HTTP status code 503'), false],
    [new Error('The server ended the stream'), false],
  ])('is known by the reason: %s', (reason, expected) => {
    expect(isUnreadable(reason)).toBe(expected)
  })
})
