import {
  createCipheriv,
  createECDH,
  createPrivateKey,
  createSign,
  hkdfSync,
  randomBytes,
  type ECDH,
  type KeyObject,
} from 'node:crypto'

/** Whom a push service may complain to, and the keys that say who sends (VAPID, RFC 8292); base64url. */
export type VapidKeys = { publicKey: string; privateKey: string }

/** Where a browser listens. */
export type PushTarget = { endpoint: string; p256dh: string; auth: string }

export type PushRequest = { url: string; headers: Record<string, string>; body: Buffer }

/** A push service takes at least so much in one message, after it was encrypted (RFC 8030, 7.2). */
const RECORD_SIZE = 4096
const TOKEN_LIFE_S = 12 * 60 * 60

export function makeVapidKeys(): VapidKeys {
  const pair = createECDH('prime256v1')
  pair.generateKeys()
  return { publicKey: pair.getPublicKey('base64url'), privateKey: padded(pair.getPrivateKey()) }
}

/** Whether both keys belong together. */
export function areVapidKeys({ publicKey, privateKey }: VapidKeys): boolean {
  try {
    const pair = createECDH('prime256v1')
    pair.setPrivateKey(Buffer.from(privateKey, 'base64url'))
    return pair.getPublicKey('base64url') === publicKey
  } catch {
    return false
  }
}

/** Whether a browser could listen with these keys: a point on the curve, and 16 bytes. */
export function arePushKeys({ p256dh, auth }: Pick<PushTarget, 'p256dh' | 'auth'>): boolean {
  try {
    const probe = createECDH('prime256v1')
    probe.generateKeys()
    probe.computeSecret(Buffer.from(p256dh, 'base64url'))
    return Buffer.from(auth, 'base64url').length === 16
  } catch {
    return false
  }
}

/**
 * The request that brings a message to a push service, signed and encrypted so that only the browser can read it.
 *
 * @param ttlS how long the service may keep it for a browser that is off
 * @param topic of messages with the same topic a browser that was off gets the last; up to 32 characters of base64url
 * @param subject `mailto:` or `https:`, for the push service to complain to
 */
export function pushRequest(
  target: PushTarget,
  message: string,
  {
    keys,
    subject,
    ttlS,
    topic,
    nowMs,
  }: {
    keys: VapidKeys
    subject: string
    ttlS: number
    topic: string
    nowMs: number
  },
): PushRequest {
  const ephemeral = createECDH('prime256v1')
  ephemeral.generateKeys()
  return {
    url: target.endpoint,
    headers: {
      authorization: `vapid t=${vapidToken(target.endpoint, keys, subject, nowMs)}, k=${keys.publicKey}`,
      'content-encoding': 'aes128gcm',
      'content-type': 'application/octet-stream',
      ttl: String(ttlS),
      topic,
      urgency: 'normal',
    },
    body: encrypted(Buffer.from(message), target, ephemeral, randomBytes(16)),
  }
}

/** RFC 8291 over RFC 8188: one record, with the sender's key in its header. */
export function encrypted(
  message: Buffer,
  { p256dh, auth }: Pick<PushTarget, 'p256dh' | 'auth'>,
  ephemeral: ECDH,
  salt: Buffer,
): Buffer {
  const theirs = Buffer.from(p256dh, 'base64url')
  const ours = ephemeral.getPublicKey()
  const secret = ephemeral.computeSecret(theirs)
  const info = Buffer.concat([Buffer.from('WebPush: info\0'), theirs, ours])
  const material = derive(secret, Buffer.from(auth, 'base64url'), info, 32)
  const key = derive(material, salt, Buffer.from('Content-Encoding: aes128gcm\0'), 16)
  const nonce = derive(material, salt, Buffer.from('Content-Encoding: nonce\0'), 12)
  const cipher = createCipheriv('aes-128-gcm', key, nonce)
  // 2 ends the last record.
  const sealed = Buffer.concat([cipher.update(message), cipher.update(Buffer.of(2)), cipher.final()])
  const header = Buffer.alloc(5)
  header.writeUInt32BE(RECORD_SIZE)
  header.writeUInt8(ours.length, 4)
  return Buffer.concat([salt, header, ours, sealed, cipher.getAuthTag()])
}

function vapidToken(
  endpoint: string,
  { publicKey, privateKey }: VapidKeys,
  sub: string,
  nowMs: number,
): string {
  const json = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const exp = Math.floor(nowMs / 1000) + TOKEN_LIFE_S
  const signed = `${json({ typ: 'JWT', alg: 'ES256' })}.${json({ aud: new URL(endpoint).origin, exp, sub })}`
  const signature = createSign('SHA256')
    .update(signed)
    .sign({ key: signingKey(publicKey, privateKey), dsaEncoding: 'ieee-p1363' }, 'base64url')
  return `${signed}.${signature}`
}

function signingKey(publicKey: string, privateKey: string): KeyObject {
  const point = Buffer.from(publicKey, 'base64url')
  return createPrivateKey({
    format: 'jwk',
    key: {
      kty: 'EC',
      crv: 'P-256',
      x: point.subarray(1, 33).toString('base64url'),
      y: point.subarray(33, 65).toString('base64url'),
      d: privateKey,
    },
  })
}

const derive = (secret: Buffer, salt: Buffer, info: Buffer, length: number) =>
  Buffer.from(hkdfSync('sha256', secret, salt, info, length))

/** Node leaves zeros in front out. */
const padded = (key: Buffer) => Buffer.concat([Buffer.alloc(32 - key.length), key]).toString('base64url')
