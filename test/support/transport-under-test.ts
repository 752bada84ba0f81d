// Which transport the sessions of a test file have where it names none: COHERENCE_TEST_TRANSPORT, or the default. So
// one suite holds for both.
import { DEFAULTS } from '../../src/session/options/options-schema'

const transport = process.env['COHERENCE_TEST_TRANSPORT']
if (transport !== undefined && transport !== '') Object.assign(DEFAULTS, { transport })
