// Processors that write a member inside of other objects leave everything around it as it is.
import * as Processors from '../../../src/query/processors'

const member = (name: string): object => ({ '@class': 'extractor.UniversalExtractor', name })
const chain = (...names: string[]): object => ({
  '@class': 'extractor.ChainedExtractor',
  extractors: names.map(member),
})

it.each([
  ['addr.zip', chain('addr', 'zip'), member('addr'), 'zip'],
  ['a.b.c', chain('a', 'b', 'c'), chain('a', 'b'), 'c'],
])(
  'increment of %s reads by the whole path, and writes to the object that holds the member',
  (path, read, holder, name) => {
    expect(Processors.increment(path, 5)).toEqual({
      '@class': 'processor.NumberIncrementor',
      manipulator: {
        '@class': 'extractor.CompositeUpdater',
        extractor: read,
        updater: {
          '@class': 'extractor.CompositeUpdater',
          extractor: holder,
          updater: { '@class': 'extractor.UniversalUpdater', name },
        },
      },
      increment: 5,
    })
  },
)

it('returnOld: false and returnCurrent: false are the defaults', () => {
  expect(Processors.increment('a', 1, { returnOld: false })).toEqual(Processors.increment('a', 1))
  expect(Processors.multiply('a', 1, { returnOld: false })).toEqual(Processors.multiply('a', 1))
})
