import * as library from 'coherence-ts'
import { CoherenceError, ConnectionError, ProtocolError, ServerError } from 'coherence-ts'

type Library = typeof library

const CAUSE = new Error('cause')
const AT = { address: 'localhost:1408', outcome: 'unknown' } as const

/** The fields of each class, beside what all have. */
const FIELDS = {
  InvalidOptionsError: { issues: [{ option: 'scope', message: 'no' }] },
  SessionClosedError: { outcome: 'unknown' },
  MapInactiveError: { mapName: 'm', reason: 'destroyed', outcome: 'not-sent' },
  ConnectionError: AT,
  AuthenticationError: {},
  RequestTimeoutError: { operation: 'get', timeoutSeconds: 5, outcome: 'unknown' },
  ServerError: {
    operation: 'invoke',
    mapName: 'm',
    serverMessage: 'no!',
    javaClass: 'java.lang.ClassCastException',
  },
  UnsupportedError: { required: 'v1', offered: 'v0' },
  ProtocolError: {},
  CodecError: { path: 'value.a', outcome: 'applied' },
  EventOverflowError: { mapName: 'm', maxBufferedEvents: 5 },
} as const

type Name = keyof typeof FIELDS

const NAMES = Object.keys(FIELDS) as Name[]
const CLASSES = ['CoherenceError', ...NAMES] as const

/** What each class is made with is the affair of test/types. */
function make(copy: Library, name: Name): CoherenceError {
  const errorClass = copy[name] as new (message: string, fields: object) => CoherenceError
  return new errorClass('no', { ...FIELDS[name], cause: CAUSE })
}

describe('an error', () => {
  it('can be made of each class', () => {
    const exported = Object.entries(library).filter(([, it]) => Error.prototype.isPrototypeOf.call(Error, it))

    expect(exported.map(([name]) => name).sort()).toEqual([...CLASSES].sort())
  })

  it.each(NAMES)('has its fields, its name and its code: %s', (name) => {
    const error = make(library, name)

    expect(Object.fromEntries(Object.entries(error))).toEqual({
      ...FIELDS[name],
      name,
      code: expect.stringMatching(/^ERR_COHERENCE_/) as string,
    })
    expect([error.message, error.cause]).toEqual(['no', CAUSE])
  })

  it('needs no more than it always has', () => {
    const error = new ServerError('no', { operation: 'create', serverMessage: '' })

    expect([error.mapName, error.javaClass, 'cause' in error]).toEqual([undefined, undefined, false])
    expect('cause' in new ProtocolError('no')).toBe(false)
  })

  it('of a subclass has the name of that', () => {
    class OwnError extends ConnectionError {}

    expect(new OwnError('no', AT).name).toBe('OwnError')
  })
})

describe('instanceof', () => {
  const other = otherCopy()

  it.each(NAMES)('knows errors of another copy of the package: %s', (name) => {
    const [here, there]: unknown[] = [make(library, name), make(other, name)]

    expect(there?.constructor).not.toBe(here?.constructor)
    expect(CLASSES.filter((known) => there instanceof library[known])).toEqual(['CoherenceError', name])
    expect(CLASSES.filter((known) => here instanceof other[known])).toEqual(['CoherenceError', name])
  })

  it('knows subclasses that users make of the other copy', () => {
    class OwnError extends other.ConnectionError {}
    const error: unknown = new OwnError('no', AT)

    expect([error instanceof ConnectionError, error instanceof CoherenceError]).toEqual([true, true])
    expect([error instanceof OwnError, error instanceof ServerError]).toEqual([true, false])
  })

  it('knows only its own instances for a subclass that a user makes', () => {
    class OwnError extends ConnectionError {}
    class OtherError extends other.ConnectionError {}
    const errors: unknown[] = [
      new OwnError('no', AT),
      new OtherError('no', AT),
      new ConnectionError('no', AT),
      new other.ConnectionError('no', AT),
    ]

    expect(errors.map((error) => error instanceof OwnError)).toEqual([true, false, false, false])
  })

  it.each([
    null,
    undefined,
    'ConnectionError',
    0,
    {},
    new Error('no'),
    { name: 'ConnectionError' },
    ConnectionError,
  ])('knows what is no error of this library: %p', (value: unknown) => {
    expect([value instanceof CoherenceError, value instanceof ConnectionError]).toEqual([false, false])
  })

  it('takes a prototype for an instance no more than elsewhere', () => {
    const prototypes: unknown[] = [ConnectionError.prototype, other.ConnectionError.prototype]

    expect(prototypes.map((value) => value instanceof ConnectionError)).toEqual([false, false])
    expect(prototypes.map((value) => value instanceof CoherenceError)).toEqual([true, true])
  })

  it('goes by the class, not by what printing an error shows', () => {
    expect(Reflect.ownKeys(new ProtocolError('no')).filter((key) => typeof key === 'symbol')).toEqual([])
  })
})

/** The package, loaded once more. */
function otherCopy(): Library {
  const copies: Library[] = []
  jest.isolateModules(() => copies.push(jest.requireActual<Library>('coherence-ts')))
  const [copy] = copies
  if (copy === undefined) throw new Error('there is no other copy')
  return copy
}
