import type { RequestHandler } from 'express';
import { ipKeyGenerator, rateLimit } from 'express-rate-limit';
import { SightlineError } from '../core/errors.js';
import { caller } from './access.js';

const MINUTE = 60_000;

/**
 * Requests a minute for each key, or for each address where no key is shown. The answer tells what is left (`RateLimit`).
 * @throws ERR_RATE_LIMITED
 */
export function rateLimited(perMinute: number): RequestHandler {
  return rateLimit({
    windowMs: MINUTE,
    limit: perMinute,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    keyGenerator: (request) => {
      const { name } = caller(request);
      return name === null ? `address ${ipKeyGenerator(request.ip ?? '')}` : `key ${name}`;
    },
    handler: (_request, _response, next) => {
      const message = `At most ${perMinute} requests a minute are answered. Wait for as long as Retry-After says.`;
      next(new SightlineError('ERR_RATE_LIMITED', message));
    },
  });
}
