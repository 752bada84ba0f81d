// Puts the results where people read them: the tables between the marks in docs/performance.md, and the chart.
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { cpuChart } from './chart'
import type { Client } from './clients'
import type { Measurements } from './measurements'
import type { Workload } from './workloads'

const DOCS = join(__dirname, '..', 'docs')
const BEGIN = '<!-- results: written by npm run bench -- --write-docs -->'
const END = '<!-- end of results -->'

export interface Findings {
  readonly method: string
  readonly figures: string
  readonly ratios: string
  readonly measurements: Measurements
  readonly clients: readonly Client[]
  readonly workloads: readonly Workload[]
}

export async function writeDocs(findings: Findings): Promise<void> {
  const { method, figures, ratios, measurements, clients, workloads } = findings
  const path = join(DOCS, 'performance.md')
  const page = await readFile(path, 'utf8')
  const begin = page.indexOf(BEGIN)
  const end = page.indexOf(END)
  if (begin < 0 || end < begin) throw new Error(`${path} has no place for the results`)
  const results = [BEGIN, method + '.', ratios, figures].join('\n\n')
  await writeFile(path, `${page.slice(0, begin)}${results}\n\n${page.slice(end)}`)
  await writeFile(join(DOCS, 'performance.svg'), cpuChart(measurements, clients, workloads))
}
