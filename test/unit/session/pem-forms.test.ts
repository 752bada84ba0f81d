// The forms of PEM that certificates and keys may have. `node:tls` is the judge: what it takes is taken.
import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createSecureContext } from 'node:tls'
import fc from 'fast-check'
import { InvalidOptionsError } from '../../../src/errors'
import { loadCertificates } from '../../../src/session/options/load-certificates'
import type { TlsItem } from '../../../src/session/options/pem'
import type { SessionTlsOptions } from '../../../src/session/options/tls-options-schema'
import { TlsOptions } from '../../../src/session/options/tls-options'
import { type Certificates, makeCertificates, selfSigned } from '../../support/certificates'

type Algorithm = Parameters<typeof selfSigned>[0]
type Change = (text: string) => string
type Changes = Readonly<Record<string, Change>>

const RSA = {
  name: 'RSASSA-PKCS1-v1_5',
  hash: 'SHA-256',
  modulusLength: 2048,
  publicExponent: new Uint8Array([1, 0, 1]),
}
const EC = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
const EC_PARAMETERS = frame('EC PARAMETERS', Buffer.from('BggqhkjOPQMBBw==', 'base64'))
/** Trusted for servers, in the form in which `openssl x509 -trustout` appends it. */
const TRUST = Buffer.from('300c300a06082b06010505070301', 'hex')

/** What may be done to any PEM. */
const CHANGES: Changes = {
  'as it is': (text) => text,
  'with CRLF': (text) => text.replaceAll(/\r?\n/g, '\r\n'),
  'with line breaks written as \\n': (text) => text.replaceAll(/\r?\n/g, '\\n'),
  'with line breaks written as \\r\\n': (text) => text.replaceAll(/\r?\n/g, '\\r\\n'),
  'after a comment': (text) => `# the certificate of the client\n\n${text}`,
  'after what openssl prints': (text) =>
    `Bag Attributes\n    localKeyID: 7C AD\nsubject=CN = client\n${text}`,
  'after what is nearly a frame': (text) => `see -----BEGIN CERTIFICATE-----\n----- more -----\n${text}`,
  'before other text': (text) => `${text}\nthe end`,
  'before the end of a frame': (text) => `${text}\n-----END CERTIFICATE-----\n`,
  'without the last line break': (text) => text.trimEnd(),
  'with blanks at the ends of lines': (text) => text.replaceAll(/(?=\r?\n)/g, ' \t'),
  'with indented bodies': (text) => text.replaceAll(/^(?=[\w+/=]+\s*$)/gm, '  '),
  'in long lines': (text) => text.replaceAll(/(?<=[\w+/=])\r?\n(?=[\w+/=])/g, ''),
  'after parameters': (text) => `${EC_PARAMETERS}\n${text}`,
  'with a byte order mark': (text) => `\ufeff${text}`,
}
const CERTIFICATE_CHANGES: Changes = {
  'as an X509 CERTIFICATE': (text) => relabelled(text, 'X509 CERTIFICATE'),
  'as a TRUSTED CERTIFICATE': (text) => relabelled(text, 'TRUSTED CERTIFICATE'),
  'with what it is trusted for': (text) =>
    text.replace(
      pem.cert,
      frame('TRUSTED CERTIFICATE', Buffer.concat([new X509Certificate(pem.cert).raw, TRUST])),
    ),
  'before another one': (text) => text + pem.otherCert,
  'before a key': (text) => text + pem.key,
  'after a key': (text) => pem.key + text,
}
const KEY_CHANGES: Changes = {
  'before another one': (text) => text + pem.otherKey,
  'before a certificate': (text) => text + pem.cert,
  'after a certificate': (text) => pem.cert + text,
}

let certificates: Certificates
let pem: Readonly<Record<'cert' | 'key' | 'otherCert' | 'otherKey', string>>
beforeAll(async () => {
  certificates = await makeCertificates()
  const { client, otherClient } = certificates
  pem = {
    cert: await readFile(client.certPath, 'utf8'),
    key: await readFile(client.keyPath, 'utf8'),
    otherCert: await readFile(otherClient.certPath, 'utf8'),
    otherKey: await readFile(otherClient.keyPath, 'utf8'),
  }
})
afterAll(() => certificates.remove())

describe.each(['caCert', 'clientCert'] as const)('%s is taken', (item) => {
  it.each(Object.entries({ ...CHANGES, ...CERTIFICATE_CHANGES }))('%s', async (_how, change) => {
    expect(await reception(item, change(pem.cert))).toEqual({ asText: 'taken', asFile: 'taken' })
  })
})

describe('clientKey is taken', () => {
  it.each(Object.entries({ ...CHANGES, ...KEY_CHANGES }))('%s', async (_how, change) => {
    expect(await reception('clientKey', change(pem.key))).toEqual({ asText: 'taken', asFile: 'taken' })
  })

  it.each<[form: string, algorithm: Algorithm, exported: (key: KeyObject) => string | Buffer]>([
    ['RSA in PKCS#1', RSA, (key) => key.export({ type: 'pkcs1', format: 'pem' })],
    ['RSA in PKCS#8', RSA, (key) => key.export({ type: 'pkcs8', format: 'pem' })],
    ['EC in SEC1', EC, (key) => key.export({ type: 'sec1', format: 'pem' })],
    [
      'EC in SEC1, after its parameters',
      EC,
      (key) => EC_PARAMETERS + key.export({ type: 'sec1', format: 'pem' }).toString(),
    ],
    ['EC in PKCS#8', EC, (key) => key.export({ type: 'pkcs8', format: 'pem' })],
    ['Ed25519', { name: 'Ed25519' }, (key) => key.export({ type: 'pkcs8', format: 'pem' })],
  ])('as %s', async (_form, algorithm, exported) => {
    const { cert, key } = await selfSigned(algorithm)
    expect(await outcome({ clientCert: cert, clientKey: exported(createPrivateKey(key)) })).toBe('taken')
  })
})

describe('whatever node:tls takes', () => {
  it.each<[item: TlsItem, changes: Changes]>([
    ['caCert', { ...CHANGES, ...CERTIFICATE_CHANGES }],
    ['clientCert', { ...CHANGES, ...CERTIFICATE_CHANGES }],
    ['clientKey', { ...CHANGES, ...KEY_CHANGES }],
  ])('is taken as %s', async (item, changes) => {
    const original = item === 'clientKey' ? pem.key : pem.cert
    let compared = 0
    const someChanges = fc.array(fc.constantFrom(...Object.values(changes)), { minLength: 1, maxLength: 4 })
    await fc.assert(
      fc.asyncProperty(someChanges, async (some) => {
        const text = some.reduce((before, change) => change(before), original)
        if (!nodeTakes(item, text)) return
        compared += 1
        expect(await reception(item, text)).toEqual({ asText: 'taken', asFile: 'taken' })
      }),
      { numRuns: 100 },
    )
    expect(compared).toBeGreaterThan(20)
  })
})

describe('all authorities of a text', () => {
  it('are handed on', async () => {
    const caCert = `${pem.cert.replaceAll('\n', '\\n')}\n# and\n${relabelled(pem.otherCert, 'TRUSTED CERTIFICATE')}`
    const material = await loadCertificates(new TlsOptions({ caCert }, {}))
    const handedOn = String(material?.caCert).match(/-----BEGIN[^]+?-----END .*-----/g) ?? []
    const subjects = handedOn.map((certificate) => new X509Certificate(certificate).subject)
    expect(subjects).toEqual(['CN=client', 'CN=other-client'])
  })

  it('are read to the end: one that is cut off is refused', async () => {
    const cutOff = pem.otherCert.slice(0, -40)
    expect(await outcome({ caCert: pem.cert + cutOff })).toMatch(
      /^Invalid options: tlsOptions.caCert holds a certificate that cannot be read: /,
    )
  })
})

describe('what is no PEM', () => {
  it.each<[string, Change]>([
    ['with its lines run together', (text) => text.replaceAll('\n', ' ')],
    ['in quotes', (text) => JSON.stringify(text)],
    ['indented', (text) => text.replaceAll(/^/gm, '    ')],
  ])('%s is refused with what to do', async (_how, change) => {
    const text = change(pem.cert)
    expect(nodeTakes('caCert', text)).toBe(false)
    const { asText, asFile } = await reception('caCert', text)
    expect(
      [asText, asFile].map((message) => message.includes('lines must stand alone; keep the line breaks')),
    ).toEqual([true, true])
  })

  it('in DER is refused', async () => {
    const der = new X509Certificate(pem.cert).raw
    expect(nodeTakes('clientCert', der)).toBe(false)
    expect(await outcome({ caCert: der })).toContain('it must be a certificate in PEM')
  })
})

function nodeTakes(item: TlsItem, text: string | Buffer): boolean {
  const options = {
    // As a certificate: Node.js does not look at authorities before there is a connection.
    caCert: { cert: text },
    clientCert: { cert: text, key: pem.key },
    clientKey: { cert: pem.cert, key: text },
  }[item]
  try {
    createSecureContext(options)
    return true
  } catch {
    return false
  }
}

/** What becomes of a text that is given as it is, and of a file with it. */
async function reception(item: TlsItem, text: string): Promise<{ asText: string; asFile: string }> {
  const path = join(certificates.dir, 'form.pem')
  await writeFile(path, text)
  const other = { caCert: {}, clientCert: { clientKey: pem.key }, clientKey: { clientCert: pem.cert } }[item]
  return {
    asText: await outcome({ ...other, [item]: text }),
    asFile: await outcome({ ...other, [`${item}Path`]: path }),
  }
}

async function outcome(options: SessionTlsOptions): Promise<string> {
  try {
    await loadCertificates(new TlsOptions(options, {}))
    return 'taken'
  } catch (error) {
    if (error instanceof InvalidOptionsError) return error.message
    throw error
  }
}

function relabelled(text: string, label: string): string {
  return text.replaceAll(/(-----(?:BEGIN|END) )(?:\w+ )?CERTIFICATE-----/g, `$1${label}-----`)
}

function frame(label: string, der: Buffer): string {
  return `-----BEGIN ${label}-----\n${der.toString('base64').replaceAll(/.{64}/g, '$&\n')}\n-----END ${label}-----\n`
}
