import { z } from 'zod';
import { type Scope, SCOPES } from '../engine/mod.js';
import { type AccessOptions, caller, closeSession, openSession } from './access.js';
import { type Endpoint, jsonEndpoint } from './endpoint.js';

interface SessionAnswer {
  readonly name: string | null;
  readonly scope: Scope | null;
}

const sessionSchema: z.ZodType<SessionAnswer> = z
  .strictObject({
    name: z.string().nullable().describe('Of the key; null for who shows none.'),
    scope: z.enum(SCOPES).nullable().describe('What the caller may do; null: nothing.'),
  })
  .meta({ id: 'Session' });

interface SessionRequest {
  readonly key: string;
}

const sessionRequest: z.ZodType<SessionRequest> = z
  .strictObject({ key: z.string().min(1).max(200) })
  .meta({ id: 'SessionRequest' });

/** How the page signs in: browsers cannot put a key beside every picture that they load. */
export function sessionEndpoints({ keys }: AccessOptions): readonly Endpoint[] {
  return [
    jsonEndpoint({
      method: 'get',
      path: '/api/session',
      name: 'session',
      group: 'service',
      summary: 'who asks, and what they may do',
      scope: 'public',
      answer: sessionSchema,
      handle: ({ request }) => {
        const { name, scope } = caller(request);
        return { name, scope };
      },
    }),
    jsonEndpoint({
      method: 'post',
      path: '/api/session',
      name: 'openSession',
      group: 'service',
      summary: 'sign in with a key; the session is a cookie that scripts cannot read',
      scope: 'public',
      body: sessionRequest,
      answer: sessionSchema,
      errors: ['ERR_KEY_UNKNOWN'],
      handle: ({ body, request, response }) => {
        const { name, scope } = openSession(request, response, body.key, keys);
        return { name, scope };
      },
    }),
    jsonEndpoint({
      method: 'delete',
      path: '/api/session',
      name: 'closeSession',
      group: 'service',
      summary: 'sign out',
      scope: 'public',
      answer: sessionSchema,
      handle: ({ response }) => {
        closeSession(response);
        return { name: null, scope: null };
      },
    }),
  ];
}
