// Texts as servers of 24.09 and 25.03.2 send them.
import fc from 'fast-check'
import { ServerError } from '../../../src/errors'
import { cannotAnswer, serverFailure } from '../../../src/protocol/server-failure'

const MEMBER =
  'Failed request execution for PartitionedCache service on Member(Id=1, Timestamp=2026-11-29 12:54:01.563, ' +
  'Address=127.0.0.1:45381, MachineId=10131, Location=machine:localhost,process:9014, Role=CoherenceServer)'
const JSON_OBJECT = 'com.oracle.coherence.io.json.JsonObject'
const BINDING = 'com.oracle.coherence.io.json.genson.JsonBindingException'
const CAST = 'java.lang.ClassCastException'

describe('the cause of a failure on the server', () => {
  it.each([
    ['is the text itself', 'Cache is not active', 'Cache is not active'],
    [
      'is what the member says, in one line',
      `(Wrapped: ${MEMBER}) Unclosed character class near index 0\n[\n^`,
      'Unclosed character class near index 0 [ ^',
    ],
    [
      'is the innermost one',
      `(Wrapped: ${MEMBER} (Wrapped: java.util.ArrayList.get(5)([])) Index 5 out of bounds for length 0) ` +
        'Index 5 out of bounds for length 0',
      'Index 5 out of bounds for length 0',
    ],
    [
      'is found behind parentheses that are not closed',
      `(Wrapped: ${MEMBER} (Wrapped: f([])) Unclosed group (1) Unclosed group (1`,
      'Unclosed group (1) Unclosed group (1',
    ],
    ['has no status of gRPC', 'INTERNAL: Priming is not supported', 'Priming is not supported'],
    [
      'has neither status nor wrapper',
      'INTERNAL: (Wrapped: error decoding cookie) stream corrupted; format=5',
      'stream corrupted; format=5',
    ],
    ['is the status where there is nothing else', 'INTERNAL: ', 'INTERNAL:'],
    ['does not tell modules of Java', castText('java.lang.String', 'java.lang.Integer'), castOnly()],
    ['is not an empty text', `(Wrapped: ${MEMBER}) null`, 'The server tells no reason'],
    ['is not nothing', '', 'The server tells no reason'],
    ['is not endless', 'x'.repeat(401), `${'x'.repeat(400)}…`],
  ])('%s', (_title, text, cause) => {
    expect(serverFailure(text).cause).toBe(cause)
  })

  it('is the class of the exception where there is no text', () => {
    expect(serverFailure('null', 'java.util.NoSuchElementException').cause).toBe(
      'java.util.NoSuchElementException',
    )
  })
})

describe('the class of the exception', () => {
  it.each([
    ['is what the server says', 'Could not deserialize to type class java.lang.Object', BINDING, BINDING],
    ['is found at the beginning of the text', 'java.io.EOFException', undefined, 'java.io.EOFException'],
    [
      'is found before the text',
      `(Wrapped: ${MEMBER}) java.io.StreamCorruptedException: invalid type: 34`,
      undefined,
      'java.io.StreamCorruptedException',
    ],
    [
      'is found behind the word of a thread that died',
      `(Wrapped: ${MEMBER}) Exception java.lang.NoClassDefFoundError: org/graalvm/polyglot/Context [in thread "1:8"]`,
      undefined,
      'java.lang.NoClassDefFoundError',
    ],
    [
      'is found in what was sent between members',
      'Portable(java.lang.IllegalStateException): no',
      undefined,
      'java.lang.IllegalStateException',
    ],
    ['is known of a cast', castText('java.lang.String', 'java.lang.Integer'), undefined, CAST],
    [
      'is not that of a wrapper',
      'java.io.EOFException',
      'com.tangosol.util.WrapperException',
      'java.io.EOFException',
    ],
    [
      'is that of a wrapper where there is no other',
      'no',
      'com.tangosol.util.WrapperException',
      'com.tangosol.util.WrapperException',
    ],
    ['is unknown where nothing tells it', `(Wrapped: ${MEMBER}) Cache is not active`, undefined, undefined],
    ['is not any class in the text', 'org.graalvm.polyglot.Context', undefined, undefined],
  ])('%s', (_title, text, told, javaClass) => {
    expect(serverFailure(text, told).javaClass).toBe(javaClass)
  })
})

describe('the advice', () => {
  it.each([
    [
      'for values of different kinds',
      castText('java.lang.Double', 'java.lang.Integer'),
      /keep values of one kind/,
    ],
    [
      'for objects that have no order',
      castText(JSON_OBJECT, 'java.lang.Comparable'),
      /keep values of one kind/,
    ],
    [
      'for a filter of an unknown class',
      castText(JSON_OBJECT, 'com.tangosol.util.Filter'),
      /does not know the class as a filter: check the name in its '@class'/,
    ],
    [
      'for a processor of an unknown class',
      castText(JSON_OBJECT, 'com.tangosol.util.InvocableMap$EntryProcessor'),
      /does not know the class as an entry processor/,
    ],
    [
      'for a filter in the place of a processor',
      castText('com.tangosol.util.filter.AlwaysFilter', 'com.tangosol.util.InvocableMap$EntryProcessor'),
      /^an entry processor is needed here/,
    ],
    [
      'for a class without an alias',
      `(Wrapped: ${MEMBER}) Unable to find matching type or package alias for com.acme.Thing`,
      /no class for '@class' 'com.acme.Thing': check the name, or register/,
    ],
    ['for an unknown class', 'Could not deserialize to type class java.lang.Object', /check both/],
    [
      'for a class that is not there',
      'java.lang.ClassNotFoundException: com.acme.Rule',
      /add it to the class path of every member/,
    ],
    [
      'for a class that a hardened server does not take',
      'JSON @class metadata must use a configured type alias in security hardened mode',
      /use the alias/,
    ],
    [
      'for a path that does not fit all values',
      `(Wrapped: ${MEMBER}) Missing or inaccessible method: java.lang.String.getCity()`,
      /a path has to fit all values/,
    ],
  ])('%s is what to do', (_title, text, advice) => {
    expect(serverFailure(text).advice).toMatch(advice)
  })

  it('is not made up', () => {
    expect(serverFailure('Cache is not active').advice).toBeUndefined()
  })
})

describe('a text that no server sends', () => {
  const piece = fc.constantFrom(
    ...[
      '(Wrapped: ',
      '(Wrapped) ',
      MEMBER,
      'Portable(',
      ')',
      '(',
      ' ',
      ':',
      '\n',
      'INTERNAL: ',
      'Exception ',
      CAST,
    ],
    ...['class ', ' cannot be cast to class ', ' is in module ', 'java.lang.', 'Error', 'null', 'Ann'],
    ...[
      'Unable to find matching type or package alias for ',
      'Missing or inaccessible method:',
      '\ud800',
      '$',
    ],
  )

  it('has a cause of some length, whatever it is', () => {
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 40 }),
        fc.constantFrom(undefined, CAST),
        (pieces, javaClass) => {
          const { cause, advice } = serverFailure(pieces.join(''), javaClass)

          expect(cause).toMatch(/\S/)
          expect(cause.length + (advice ?? '').length).toBeLessThan(1_500)
        },
      ),
      { numRuns: 2_000, seed: 7 },
    )
  })

  // Without a bound these take minutes, and no time limit of a test ends them.
  it.each([
    '(Wrapped: Failed request execution for f service on Member()',
    '(Wrapped) ',
    ' (a is in module ',
  ])('may be as long as an answer may be: %s', (part) => {
    expect(serverFailure(part.repeat(50_000)).cause).not.toBe('')
  })
})

describe('a server that cannot print an answer', () => {
  it('is known by what it said, whatever the message begins with', () => {
    const serverMessage = 'Failed to serialize object of type class java.lang.Object'
    const error = new ServerError('no', { operation: 'getAll', serverMessage })

    expect([cannotAnswer(error), cannotAnswer(new Error(serverMessage))]).toEqual([true, false])
  })
})

function castOnly(): string {
  return 'class java.lang.String cannot be cast to class java.lang.Integer'
}

function castText(from: string, to: string): string {
  return (
    `class ${from} cannot be cast to class ${to} (${from} is in unnamed module of loader 'app'; ` +
    `${to} is in module java.base of loader 'bootstrap')`
  )
}
