// Certificates and keys in PEM (RFC 7468): which texts hold one. What is in it is for OpenSSL to say, which takes any
// text around it, either line break, and these labels.

/** A certificate or key: the option that holds it. */
export type TlsItem = 'caCert' | 'clientCert' | 'clientKey'

const CERTIFICATE = /^-----BEGIN (?:X509 |TRUSTED )?CERTIFICATE-----\s*$/m
const PRIVATE_KEY = /^-----BEGIN (?:[^\n]* )?PRIVATE KEY-----\s*$/m
/** Each certificate of a text, also one that has no last line. */
const CERTIFICATES = /^-----BEGIN ((?:X509 |TRUSTED )?CERTIFICATE)-----[^]*?(?:^-----END \1-----|(?![^]))/gm

/**
 * The text as OpenSSL takes it: without byte order marks, and with real line breaks where they were written as `\n`,
 * which is how variables and JSON often have them.
 */
export function pemText(pem: string | Uint8Array): string {
  const text =
    typeof pem === 'string' ? pem : Buffer.from(pem.buffer, pem.byteOffset, pem.byteLength).toString('utf8')
  return text.replaceAll(/^\ufeff+/gm, '').replaceAll(/(?:\\r)?\\n/g, '\n')
}

/** Whether `text` has the first line of such a certificate or key. */
export function holdsPem(text: string, item: TlsItem): boolean {
  return (item === 'clientKey' ? PRIVATE_KEY : CERTIFICATE).test(text)
}

/** What to do about a text that has the frame of PEM, but not in lines of its own; `undefined` for other texts. */
export function lineBreakHint(text: string): string | undefined {
  if (!/-----BEGIN [A-Z0-9 ]+-----/.test(text) || /^-----BEGIN [A-Z0-9 ]+-----\s*$/m.test(text))
    return undefined
  return 'its -----BEGIN and -----END lines must stand alone; keep the line breaks, or write them as \\n, and leave out quotes and indentation'
}

/** Each certificate in `text`. */
export function certificatesIn(text: string): string[] {
  return [...text.matchAll(CERTIFICATES)].map(([certificate]) => certificate)
}

/** Whether a key in `text` has a passphrase. */
export function hasPassphrase(text: string): boolean {
  return /^-----BEGIN ENCRYPTED PRIVATE KEY-----|^Proc-Type: 4,ENCRYPTED/m.test(text)
}
