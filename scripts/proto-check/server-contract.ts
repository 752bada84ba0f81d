// Takes the contract of a server release out of the jar that the server itself runs with.
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { FileDescriptorSet } from '@bufbuild/protobuf/wkt'
import { unzipSync } from 'fflate'
import { compileProto } from './buf'

// No dot but the last one, so that nothing can be written outside of the folder.
const PROTO_FILE = /^[\w/]+\.proto$/

/** Compiles the .proto files of a release, given the folder with its jars. */
export async function serverContract(
  release: string,
  jars: string,
  scratch: string,
): Promise<FileDescriptorSet> {
  const jar = await readFile(join(jars, `coherence-grpc-${release}.jar`))
  const files = Object.entries(unzipSync(jar, { filter: ({ name }) => PROTO_FILE.test(name) }))
  if (files.length === 0) throw new Error(`coherence-grpc-${release}.jar holds no .proto files`)
  const folder = join(scratch, `server-${release}`)
  for (const [name, content] of files) {
    const path = join(folder, name)
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, content)
  }
  return compileProto(folder, scratch)
}
