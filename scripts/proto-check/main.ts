// Checks the wire contract: its style, its compatibility, the code made of it, and that it is the server's.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FileDescriptorSet } from '@bufbuild/protobuf/wkt'
import { coherenceJars } from '../../src/testing/real/server-jars'
import { compileProto, complaintsOfBuf } from './buf'
import { compareContracts, contractOf, describeDifference } from './contract'
import { exceptFor } from './exceptions'
import type { Exception } from './exceptions'
import { EXCEPTIONS_22_06_8 } from './exceptions-22-06-8'
import { driftOfGeneratedCode } from './generated-code'
import { serverContract } from './server-contract'

interface Release {
  readonly version: string
  readonly isOfInterest?: (packageName: string) => boolean
  readonly exceptions: readonly Exception[]
}

interface Finding {
  readonly summary: string
  readonly failures: readonly string[]
}

const RELEASES: readonly Release[] = [
  { version: '25.03.2', exceptions: [] },
  {
    version: '22.06.8',
    isOfInterest: (packageName) => packageName === 'coherence',
    exceptions: EXCEPTIONS_22_06_8,
  },
]

const LAST_RELEASE = 'proto/last-release.binpb'

async function main(): Promise<void> {
  const scratch = await mkdtemp(join(tmpdir(), 'proto-check-'))
  try {
    const results = [
      await report('style', () => ({ summary: 'buf lint', failures: complaintsOfBuf('lint') })),
      await report('compatibility', () => ({
        summary: `against ${LAST_RELEASE}`,
        failures: complaintsOfBuf('breaking', '--against', LAST_RELEASE),
      })),
      await report('generated code', async () => ({
        summary: 'gen/ is what buf generate makes',
        failures: await driftOfGeneratedCode(scratch),
      })),
      await reportServers(scratch),
    ]
    if (results.includes(false)) process.exitCode = 1
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
}

async function report(check: string, find: () => Finding | Promise<Finding>): Promise<boolean> {
  const { summary, failures } = await Promise.resolve()
    .then(find)
    .catch((error: unknown) => ({ summary: 'could not be checked', failures: [textOf(error)] }))
  console.log(`${failures.length === 0 ? 'ok  ' : 'FAIL'} ${check}: ${summary}`)
  for (const failure of failures) console.log(`       ${failure.replaceAll('\n', '\n       ')}`)
  return failures.length === 0
}

async function reportServers(scratch: string): Promise<boolean> {
  const results: boolean[] = []
  const skipped: string[] = []
  for (const release of RELEASES) {
    const jars = await coherenceJars(release.version).catch((error: unknown) => ({ error }))
    if (typeof jars !== 'string' && isWithoutJavaOrMaven(jars.error) && process.env['CI'] !== 'true') {
      skipped.push(release.version)
      continue
    }
    results.push(
      await report(`server ${release.version}`, async () => {
        if (typeof jars !== 'string') return { summary: 'no jars', failures: [textOf(jars.error)] }
        const ours = await compileProto('.', scratch)
        return compareWithServer(ours, await serverContract(release.version, jars, scratch), release)
      }),
    )
  }
  if (skipped.length > 0) {
    console.log(`skip server ${skipped.join(', ')}: to get the jars takes Java and Maven, which are not here`)
  }
  return !results.includes(false)
}

function compareWithServer(ours: FileDescriptorSet, theirs: FileDescriptorSet, release: Release): Finding {
  const here = contractOf(ours, release.isOfInterest)
  const there = contractOf(theirs, release.isOfInterest)
  const { unexpected, outdated, expected } = exceptFor(compareContracts(here, there), release.exceptions)
  return {
    summary: `${here.size} elements compared, ${expected} known differences`,
    failures: [
      ...unexpected.map(describeDifference),
      ...outdated.map(
        (difference) => `no longer so, remove the exception: ${describeDifference(difference)}`,
      ),
    ],
  }
}

function isWithoutJavaOrMaven(error: unknown): boolean {
  if (!(error instanceof Error && 'code' in error)) return false
  return error.code === 'ERR_NO_JAVA' || error.code === 'ERR_NO_MAVEN'
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

void main()
