import { connect } from 'node:net';
import { once } from 'node:events';
import express from 'express';
import { describe, expect, it } from 'vitest';
import { listen } from '#src/api/mod.js';

const TIMES = { headers: 100, request: 300, idle: 300 };

describe('slow clients', () => {
  const app = express();
  app.post('/', express.text(), (_request, response) => void response.send('done'));
  app.get('/never', () => {});

  it.each([
    ['who never ends its header', 'GET / HTTP/1.1\r\nhost: localhost\r\nx-slow: '],
    ['who never ends its body', 'POST / HTTP/1.1\r\nhost: localhost\r\ncontent-length: 10\r\n\r\nabc'],
    ['who says nothing', ''],
    ['on whose connection nothing happens', 'GET /never HTTP/1.1\r\nhost: localhost\r\n\r\n'],
  ])('are cut off: %s', async (_who, words) => {
    await using server = await listen({ answer: app, endStreams: () => {} }, '127.0.0.1', 0, TIMES);
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
    socket.resume();
    await once(socket, 'connect');
    socket.write(words);
    // Resolves only where the server ends the connection.
    await once(socket, 'close');
    expect(socket.destroyed).toBe(true);
  });
});
