// The report of the public API: `api/NAME.api.md` says all that an entry point declares, so that each change of the
// surface is seen in the diff of a commit. `npm run api` writes the reports; the check fails where they are out of date.
// They are made from the declarations of each source file: in the one file of dist/, the tool does not see the functions
// behind `Filters` and the like.
import { join } from 'node:path'
import { Extractor, ExtractorConfig, ExtractorLogLevel } from '@microsoft/api-extractor'
import { entryPoints, ROOT } from '../entry-points'
import { runTool } from '../run-tool'

const DECLARATIONS = join(ROOT, '.cache', 'declarations')

/** Compares the reports with the sources, and gives what is out of date; or writes them anew. */
export async function faultsOfApiReports(write = false): Promise<string[]> {
  const args = ['-p', 'tsconfig.build.json', '--declaration', '--emitDeclarationOnly']
  const { status, output } = await runTool('typescript-7.0', 'tsc', [...args, '--outDir', DECLARATIONS], {
    cwd: ROOT,
  })
  if (status !== 0) return [output.trim()]
  const faults: string[] = []
  for (const { name } of await entryPoints()) {
    const reportFileName = `${name === 'index' ? 'coherence-ts' : name}.api.md`
    const extractorConfig = ExtractorConfig.prepare({
      configObjectFullPath: undefined,
      packageJsonFullPath: join(ROOT, 'package.json'),
      configObject: {
        projectFolder: ROOT,
        mainEntryPointFilePath: join(DECLARATIONS, 'src', `${name}.d.ts`),
        compiler: { tsconfigFilePath: join(ROOT, 'tsconfig.build.json') },
        apiReport: {
          enabled: true,
          includeForgottenExports: true,
          reportFileName,
          reportFolder: join(ROOT, 'api'),
          reportTempFolder: join(ROOT, '.cache', 'api'),
        },
        newlineKind: 'lf',
        messages: {
          extractorMessageReporting: {
            // Everything that is exported is public.
            'ae-missing-release-tag': { logLevel: ExtractorLogLevel.None },
          },
        },
      },
    })
    const { apiReportChanged, errorCount } = Extractor.invoke(extractorConfig, {
      localBuild: write,
      messageCallback: (message) => (message.handled = message.logLevel !== ExtractorLogLevel.Error),
    })
    if (errorCount > 0) faults.push(`the declarations of ${name} cannot be read`)
    if (apiReportChanged && !write) {
      faults.push(`api/${reportFileName} is not what src/ declares; run npm run api and read the difference`)
    }
  }
  return faults
}
