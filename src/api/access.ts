/** Who asks, and what they may: keys in a header, or the session that the page has opened with one. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Request, RequestHandler, Response } from 'express';
import { SightlineError } from '../core/errors.js';
import { type ApiKey, type KeyRing, type Scope, SCOPES } from '../engine/mod.js';

export interface AccessOptions {
  /** Absent: there are none. */
  readonly keys?: KeyRing | undefined;
  /** What those may who show no key; null: nothing. */
  readonly anonymous: Scope | null;
}

export interface Caller {
  /** Of the key; null for who shows none. */
  readonly name: string | null;
  readonly scope: Scope | null;
}

export const SESSION_COOKIE = 'sightline_session';
export const SESSION_SECONDS: number = 30 * 24 * 3600;

const CALLER = Symbol('caller');

interface Known {
  [CALLER]?: Caller;
}

const seconds = (): number => Math.floor(Date.now() / 1000);

function signature(secret: string, text: string): string {
  return createHmac('sha256', secret).update(text).digest('base64url');
}

/**
 * A session is its key's name, the second it ends in, and a signature that takes the key's hash to make. The server keeps
 * nothing, a restart ends no session, and revoking the key ends all of its.
 */
function sessionToken(name: string, secret: string): string {
  const claim = `${name}~${seconds() + SESSION_SECONDS}`;
  return `${claim}~${signature(secret, claim)}`;
}

function sessionKey(token: string, keys: KeyRing): ApiKey | undefined {
  const [name = '', end = '', given = ''] = token.split('~');
  const known = keys.secretOf(name);
  if (known === undefined || !(Number(end) > seconds())) return undefined;
  const due = Buffer.from(signature(known.secret, `${name}~${end}`));
  const shown = Buffer.from(given);
  return due.length === shown.length && timingSafeEqual(due, shown) ? known.key : undefined;
}

function cookie(request: Request, name: string): string | undefined {
  const pairs = (request.headers.cookie ?? '').split(';').map((pair) => pair.trim().split('='));
  return pairs.find(([key]) => key === name)?.[1];
}

function shownKey(request: Request): string | undefined {
  const bearer = /^Bearer\s+(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
  return bearer ?? request.get('x-api-key');
}

function callerOf(request: Request, { keys, anonymous }: AccessOptions): Caller {
  const shown = shownKey(request);
  if (shown !== undefined) {
    const key = keys?.find(shown);
    if (key !== undefined) return key;
    const message =
      'This key opens nothing here. It may have been revoked; make one: sightline keys add NAME';
    throw new SightlineError('ERR_KEY_UNKNOWN', message);
  }
  const token = cookie(request, SESSION_COOKIE);
  // A session that ended is no attempt at anything: its owner may ask as everybody may.
  const key = token === undefined || keys === undefined ? undefined : sessionKey(token, keys);
  return key ?? { name: null, scope: anonymous };
}

/** Finds out who asks. @throws ERR_KEY_UNKNOWN where a key is shown that is none */
export function identified(options: AccessOptions): RequestHandler {
  return (request, _response, next) => {
    (request as Known)[CALLER] = callerOf(request, options);
    next();
  };
}

export function caller(request: Request): Caller {
  return (request as Known)[CALLER] ?? { name: null, scope: null };
}

/** Lets through who has the right. @throws ERR_KEY_REQUIRED, ERR_SCOPE_MISSING */
export function allowed(needed: Scope | 'public'): RequestHandler {
  return (request, _response, next) => {
    const { name, scope } = caller(request);
    if (needed === 'public' || (scope !== null && SCOPES.indexOf(scope) >= SCOPES.indexOf(needed))) {
      return next();
    }
    if (name === null) {
      const message = `This needs a key with the right ${needed}. Send it as authorization: Bearer KEY, or as x-api-key.`;
      return next(new SightlineError('ERR_KEY_REQUIRED', message));
    }
    const message = `This needs the right ${needed}; the key ${name} has ${scope}.`;
    next(new SightlineError('ERR_SCOPE_MISSING', message));
  };
}

/** Opens a session for the page. The cookie cannot be read by scripts and is never sent along by other sites. */
export function openSession(
  request: Request,
  response: Response,
  key: string,
  keys: KeyRing | undefined,
): ApiKey {
  const found = keys?.find(key);
  const secret = found && keys?.secretOf(found.name)?.secret;
  if (found === undefined || secret === undefined) {
    throw new SightlineError(
      'ERR_KEY_UNKNOWN',
      'This key opens nothing here. Check that it was copied whole.',
    );
  }
  response.cookie(SESSION_COOKIE, sessionToken(found.name, secret), {
    httpOnly: true,
    sameSite: 'strict',
    secure: request.secure,
    maxAge: SESSION_SECONDS * 1000,
    path: '/',
    encode: String,
  });
  return found;
}

export function closeSession(response: Response): void {
  response.clearCookie(SESSION_COOKIE, { httpOnly: true, sameSite: 'strict', path: '/' });
}
