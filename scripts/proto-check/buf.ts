// Runs buf, the protobuf compiler and linter, in the root of the project.
import { spawnSync } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fromBinary } from '@bufbuild/protobuf'
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt'
import type { FileDescriptorSet } from '@bufbuild/protobuf/wkt'

/** The root of the project. */
export const ROOT = join(__dirname, '..', '..')

/** What buf complains about, line by line; nothing if it succeeds. */
export function complaintsOfBuf(...args: readonly string[]): string[] {
  const { status, error, stdout, stderr } = spawnSync(
    process.execPath,
    [require.resolve('@bufbuild/buf/bin/buf'), ...args],
    { cwd: ROOT, encoding: 'utf8' },
  )
  if (error !== undefined) throw error
  if (status === 0) return []
  const lines = `${stdout}${stderr}`.split('\n').filter((line) => line.trim() !== '')
  return lines.length > 0 ? lines : [`buf ${args.join(' ')} ended with status ${String(status)}`]
}

/** Compiles the .proto files of a folder, or of the project, with all that they import. */
export async function compileProto(input: string, scratch: string): Promise<FileDescriptorSet> {
  const output = join(scratch, 'compiled.binpb')
  const complaints = complaintsOfBuf('build', input, '--as-file-descriptor-set', '--output', output)
  if (complaints.length > 0) throw new Error(complaints.join('\n'))
  return fromBinary(FileDescriptorSetSchema, await readFile(output))
}
