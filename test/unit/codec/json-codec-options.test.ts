// The options of the JSON codec, which are checked when it is made.
import { jsonCodec } from '../../../src/codec/json-codec'
import { EMPTY_OPTIONS, FLAGS, outcomeOf, wrongOutcomes } from '../../support/wrong-values'

describe('a wrong value of a JSON codec', () => {
  it('is refused as the options', async () => {
    const taken = {
      takes: ['undefined', ...EMPTY_OPTIONS] as const,
      refusal: /^jsonCodec: (the options are|there is no option)/,
    }

    expect(await wrongOutcomes(taken, (value) => outcomeOf(() => jsonCodec(value as object)))).toEqual({})
  })

  it('is refused as the option ascii', async () => {
    const taken = { takes: ['undefined', ...FLAGS] as const, refusal: /^jsonCodec: ascii is / }

    expect(
      await wrongOutcomes(taken, (value) => outcomeOf(() => jsonCodec({ ascii: value } as object))),
    ).toEqual({})
  })
})
