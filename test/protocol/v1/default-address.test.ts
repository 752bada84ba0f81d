// Where nobody gave an address, a failure says so. The default of these tests is an address where nobody listens.
import { ConnectionError, Options, Session } from 'coherence-ts'
import { DEFAULTS } from '../../../src/session/options/options-schema'
import { freePort, LOOPBACK } from '../../../src/testing/real/loopback-ports'

const VARIABLE = 'COHERENCE_SERVER_ADDRESS'

describe('a refused connection', () => {
  let address: string
  let given: string | undefined

  beforeEach(async () => {
    address = `${LOOPBACK}:${await freePort()}`
    jest.replaceProperty(DEFAULTS, 'address', address as 'localhost:1408')
    given = process.env[VARIABLE]
    Reflect.deleteProperty(process.env, VARIABLE)
  })
  afterEach(() => {
    jest.restoreAllMocks()
    if (given === undefined) Reflect.deleteProperty(process.env, VARIABLE)
    else process.env[VARIABLE] = given
  })

  async function failure(options?: Parameters<typeof Session.create>[0]): Promise<ConnectionError> {
    const error: unknown = await Session.create(options).catch((reason: unknown) => reason)
    if (!(error instanceof ConnectionError)) throw new Error('there is a server', { cause: error })
    return error
  }

  const refused = (): string =>
    `No connection to ${address}: connect ECONNREFUSED ${address} (is the server up, and is this its gRPC port?)`
  const explained = (): string =>
    `${refused()}; ${address} is the default, as COHERENCE_SERVER_ADDRESS is not set and the option address is not ` +
    'given: give one of them where the server is elsewhere'

  it('to the default address says that it is the default, and what was not set', async () => {
    const error = await failure()

    expect(error.message).toBe(explained())
    expect(error).toMatchObject({ address, outcome: 'not-sent', cause: { name: 'ClientError' } })
  })

  it('to the default address says so where a variable is empty and other options are passed', async () => {
    process.env[VARIABLE] = ''

    expect((await failure({ address: undefined, scope: 'x' })).message).toBe(explained())
  })

  it('to the default address says so where the options were made before', async () => {
    expect((await failure(new Options(new Options()))).message).toBe(explained())
  })

  it('to an address that was passed does not mention the default', async () => {
    expect((await failure({ address })).message).toBe(refused())
    expect((await failure(new Options({ address }))).message).toBe(refused())
  })

  it('to the address of the variable says nothing of a default', async () => {
    process.env[VARIABLE] = address

    expect((await failure()).message).toBe(refused())
  })
})
