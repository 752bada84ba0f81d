// The part of the certificate library the tests use. The library's own type declarations do not compile without the
// types of a browser, so the part is declared here and the library is loaded without them.
import './reflect-metadata'
import { webcrypto } from 'node:crypto'
import { createRequire } from 'node:module'

export type Extension = object

export interface GeneralName {
  readonly type: 'dns' | 'ip'
  readonly value: string
}

interface CertificateRequest {
  readonly subject: string
  readonly issuer: string
  readonly publicKey: webcrypto.CryptoKey
  readonly signingKey: webcrypto.CryptoKey
  readonly signingAlgorithm: webcrypto.Algorithm
  readonly notBefore: Date
  readonly notAfter: Date
  readonly extensions: readonly Extension[]
}

interface X509 {
  readonly cryptoProvider: { set(crypto: webcrypto.Crypto): void }
  readonly X509CertificateGenerator: {
    create(request: CertificateRequest): Promise<{ toString(format: 'pem'): string }>
  }
  readonly PemConverter: { encode(data: ArrayBuffer, tag: string): string }
  readonly BasicConstraintsExtension: new (ca: boolean, pathLength?: number, critical?: boolean) => Extension
  readonly KeyUsagesExtension: new (usages: number, critical?: boolean) => Extension
  readonly KeyUsageFlags: { readonly keyCertSign: number; readonly cRLSign: number }
  readonly ExtendedKeyUsageExtension: new (usages: readonly string[]) => Extension
  readonly ExtendedKeyUsage: { readonly serverAuth: string; readonly clientAuth: string }
  readonly SubjectAlternativeNameExtension: new (names: readonly GeneralName[]) => Extension
}

export const x509 = createRequire(__filename)('@peculiar/x509') as X509
x509.cryptoProvider.set(webcrypto)
