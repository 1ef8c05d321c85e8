// Proof that a connection comes from your Tandem server: HMAC-SHA256 over "<timestamp>.<method>.<url>".

import { createHmac, timingSafeEqual } from 'node:crypto';

/** Signatures older or newer than this are refused. */
export const SIGNATURE_WINDOW_SECONDS = 300;

export interface SignedRequest {
  method: string;
  /** The URL as the server dialled it, scheme, host and query included. */
  url: string;
  timestamp: string | undefined;
  signature: string | undefined;
}

/** True if `request` was signed with `secret` within the time window. `nowMs` is for tests. */
export function verifySignature(secret: string, request: SignedRequest, nowMs: number = Date.now()): boolean {
  const { timestamp, signature, method, url } = request;
  if (timestamp === undefined || signature === undefined || !/^\d{1,12}$/.test(timestamp)) return false;
  if (Math.abs(nowMs / 1000 - Number(timestamp)) > SIGNATURE_WINDOW_SECONDS) return false;
  const expected = 'v1=' + createHmac('sha256', secret).update(`${timestamp}.${method}.${url}`).digest('hex');
  const a = Buffer.from(expected);
  const b = Buffer.from(signature);
  return a.length === b.length && timingSafeEqual(a, b);
}
