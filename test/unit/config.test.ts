import { describe, expect, it } from 'vitest';
import { loadConfig, SETTINGS } from '#src/config.js';

const refusal = (flags: object, environment: Record<string, string>): string => {
  try {
    loadConfig({ ...flags }, environment);
  } catch (error) {
    return String(error);
  }
  return 'accepted';
};

describe('settings', () => {
  it('come from flags before the environment before defaults', () => {
    const environment = { SIGHTLINE_PORT: '9000', SIGHTLINE_MODEL: 'mine', XDG_DATA_HOME: '/x' };
    const config = loadConfig({ port: '8000' }, environment);
    expect(config).toMatchObject({ port: 8000, model: 'mine', dataDir: '/x/sightline', host: '127.0.0.1' });
  });

  it('are frozen', () => {
    expect(Object.isFrozen(loadConfig({}, {}))).toBe(true);
  });

  it('name where a bad value came from', () => {
    expect(refusal({ port: '99999' }, {})).toContain('--port');
    expect(refusal({}, { SIGHTLINE_LOG_LEVEL: 'loud' })).toContain('SIGHTLINE_LOG_LEVEL');
  });

  it('refuse an unknown variable and name the likely one', () => {
    expect(refusal({}, { SIGHTLINE_DATADIR: '/x' })).toContain('Did you mean SIGHTLINE_DATA_DIR?');
  });

  it('have a variable each that says whose it is', () => {
    for (const { env } of Object.values(SETTINGS)) expect(env).toMatch(/^SIGHTLINE_/);
  });
});
