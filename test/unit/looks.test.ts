import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { compareLooks, SAME_LOOKS } from '../support/looks.js';

/** A page with a bar, a panel and lines of text, as letters of one width or another. */
function drawn({ panel = '#b53a0d', panelAt = 64, letter = 6, bar = true } = {}): Promise<Buffer> {
  const line = (y: number): string =>
    Array.from(
      { length: 30 },
      (_, at) => `<rect x="${300 + at * 10}" y="${y}" width="${letter}" height="9" fill="#333"/>`,
    ).join('');
  return sharp(
    Buffer.from(
      `<svg xmlns="http://www.w3.org/2000/svg" width="640" height="480"><rect width="640" height="480" fill="#faf8f5"/>
${bar ? '<rect width="640" height="48" fill="#e4ded5"/>' : ''}<rect x="${panelAt}" y="96" width="192" height="144" fill="${panel}"/>
${[110, 130, 150, 170].map(line).join('')}</svg>`,
    ),
  )
    .png()
    .toBuffer();
}

describe('how pages are compared', () => {
  it('forgives other letters and an edge some pixels aside', async () => {
    const looks = await compareLooks(await drawn({ letter: 5, panelAt: 68 }), await small());
    expect(looks.different).toBeLessThan(SAME_LOOKS);
  });

  it('does not forgive another colour, another place, or what is gone', async () => {
    for (const wrong of [{ panel: '#1d1a17' }, { panelAt: 300 }, { bar: false }])
      expect((await compareLooks(await drawn(wrong), await small())).different).toBeGreaterThan(
        2 * SAME_LOOKS,
      );
  });
});

/** The reference, as it is kept. */
async function small(): Promise<Buffer> {
  return sharp(await drawn())
    .resize(40, 30, { fit: 'fill', kernel: 'cubic' })
    .png()
    .toBuffer();
}
