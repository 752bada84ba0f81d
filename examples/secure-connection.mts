// A session by TLS: the server proves who it is to the client, and the client to the server.
import { Session } from 'coherence-ts'

// The same as setting COHERENCE_TLS_CERTS_PATH, COHERENCE_TLS_CLIENT_CERT and COHERENCE_TLS_CLIENT_KEY.
await using session = await Session.create({
  tlsOptions: {
    caCertPath: process.argv[2],
    clientCertPath: process.argv[3],
    clientKeyPath: process.argv[4],
  },
})
console.log(session.options.tlsOptions.enabled, (await session.ping()) < 30)
