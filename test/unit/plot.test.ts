import { describe, expect, it } from 'vitest';
import { svgOf } from '../../bench/plot.js';

describe('svgOf', () => {
  it('draws a line for every series, between round ticks, and leaves out what is not finite', () => {
    const svg = svgOf({
      id: 'x',
      title: 'A < B & C',
      x: { label: 'x', from: 0, to: 1 },
      y: { label: 'y' },
      series: [
        {
          label: 'one',
          points: [
            [0, 0],
            [0.5, NaN],
            [1, 10],
          ],
          dots: true,
        },
        {
          label: 'two',
          points: [
            [0, 5],
            [1, 5],
          ],
          dashed: true,
        },
      ],
    });
    expect(svg.match(/<polyline/g)).toHaveLength(2);
    expect(svg.match(/<circle/g)).toHaveLength(2);
    expect(svg).not.toContain('NaN');
    expect(svg).toContain('A &lt; B &amp; C');
    for (const tick of ['0.2', '0.8', '10']) expect(svg).toContain(`>${tick}</text>`);
  });

  it('draws a single value', () => {
    const series = [{ label: 'one', points: [[3, 3]] as const }];
    expect(svgOf({ id: 'x', title: '', x: { label: '' }, y: { label: '' }, series })).not.toContain('NaN');
  });
});
