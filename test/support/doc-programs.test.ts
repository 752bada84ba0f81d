// A program of the documentation that does not do what it says is found, whatever it does instead.
import { runDocPrograms } from './doc-programs'

const NOWHERE = { plain: 'localhost:1', tls: 'localhost:2', files: '/nowhere', trusted: '' }

const PROGRAMS: readonly (readonly [what: string, text: string, fault: unknown])[] = [
  ['ends', 'export {}', undefined],
  ['prints what it says', 'console.log({ a: 1 }) // prints { a: 1 }', undefined],
  [
    'prints something else',
    'console.log(1) // prints 2',
    expect.stringMatching(/^It says that it prints\n2\nand prints\n1\n/),
  ],
  ['prints nothing', '// prints 2', expect.stringMatching(/^It says that it prints\n2\nand prints\n\n/)],
  ['throws', "throw new TypeError('planted')", expect.stringMatching(/TypeError: planted/)],
  [
    'rejects where nobody waits',
    "void Promise.reject(new TypeError('planted'))\nawait new Promise((resolve) => setTimeout(resolve, 1))",
    expect.stringMatching(/TypeError: planted/),
  ],
  ['warns', "process.emitWarning('planted')", expect.stringMatching(/planted/)],
  [
    'leaves a timer',
    'setInterval(() => undefined, 1_000).ref()',
    expect.stringMatching(/^It left open: 1 Timeout/),
  ],
  ['never ends', 'await new Promise(() => undefined)', expect.stringMatching(/^It did not end within 2 s/)],
  ['comes after one that never ends', 'console.log(1) // prints 1', undefined],
  ['ends its process', 'process.exit(3)', expect.stringMatching(/^Its process ended with 3/)],
  [
    'connects to the server that stands in',
    "if ('db.example.com:4444' !== 'localhost:' + 1) throw new Error('other')",
    undefined,
  ],
  [
    'uses TLS',
    "const tlsOptions = { caCertPath: '/etc/coherence/ca.pem' }\nconsole.log(tlsOptions.caCertPath, 'example.com:1')\n// prints /nowhere/ca.pem localhost:2",
    undefined,
  ],
]

describe('a program of the documentation', () => {
  let faults: (string | undefined)[] = []

  beforeAll(async () => {
    const programs = PROGRAMS.map(([, text], index) => {
      const prints = [...text.matchAll(/\/\/ prints (.*)$/gm)].map(([, line = '']) => line)
      return { where: '', name: `program-${index}.mts`, text, prints: prints.length > 0 ? prints : undefined }
    })
    faults = await runDocPrograms(programs, NOWHERE, { seconds: 2 })
  })

  it.each(PROGRAMS.map(([what, , fault], index) => ({ what, fault, index })))(
    'that $what',
    ({ fault, index }) => {
      expect(faults[index]).toEqual(fault)
    },
  )
})
