// Every program in README.md and docs/ runs as it stands there, on a real server, and prints what the page says. What
// is for people's terminals (`sh`) is not run.
import { copyFile } from 'node:fs/promises'
import { join } from 'node:path'
import { docExamples } from '../../scripts/check/doc-examples'
import { makeCertificates } from '../support/certificates'
import { REFERENCE_RELEASE, startCoherence } from '../support/coherence-server'
import { describeWithJava } from '../support/conformance'
import { runDocPrograms } from '../support/doc-programs'

const { programs } = docExamples()

// The pages speak of the reference release as it comes, and say where others differ.
const USUAL = { version: REFERENCE_RELEASE, mode: 'default' } as const

describeWithJava('the documentation', () => {
  let faults: readonly (string | undefined)[] = []

  beforeAll(async () => {
    await using certificates = await makeCertificates()
    const { dir, ca, client, server } = certificates
    const named = { 'ca.pem': ca.certPath, 'client.pem': client.certPath, 'client-key.pem': client.keyPath }
    for (const [name, path] of Object.entries(named)) await copyFile(path, join(dir, name))
    // Clients may show a certificate, and need not.
    const tls = { ...server, caPath: ca.certPath, clientAuthentication: true }
    const properties = { 'coherence.security.clientauth': 'wanted' }
    const [plain, secure] = await Promise.all([
      startCoherence(USUAL),
      startCoherence({ ...USUAL, tls, properties }),
    ])
    faults = await runDocPrograms(programs, {
      plain: plain.address,
      tls: secure.address.replace('127.0.0.1', 'localhost'),
      files: dir,
      trusted: ca.certPath,
    }).finally(() => Promise.all([plain.stop(), secure.stop()]))
  }, 300_000)

  it.each(programs.map(({ where }, index) => ({ where, index })))(
    'does what it says at $where',
    ({ index }) => {
      expect(faults[index]).toBeUndefined()
    },
  )
})
