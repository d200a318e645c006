/** Colours as `#rrggbb`, and the arithmetic of light on them. */

/** The colours that a caption names, in daylight. */
export const COLOURS = {
  red: '#d8433f',
  orange: '#ef8532',
  yellow: '#f6c638',
  green: '#3f9e5c',
  blue: '#2f72cf',
  purple: '#8352b8',
  pink: '#f08bb2',
  brown: '#8d5a38',
  white: '#f7f4ee',
  grey: '#9197a1',
  black: '#2b2a31',
} as const;

export type ColourName = keyof typeof COLOURS;

type Channels = readonly [number, number, number];

function channels(hex: string): Channels {
  const value = Number.parseInt(hex.slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}

function hexOf(...rgb: Channels): string {
  return `#${rgb
    .map((c) =>
      Math.max(0, Math.min(255, Math.round(c)))
        .toString(16)
        .padStart(2, '0'),
    )
    .join('')}`;
}

/** From `a` (0) to `b` (1). */
export function mix(a: string, b: string, amount: number): string {
  const [r, g, bl] = channels(a);
  const [r2, g2, bl2] = channels(b);
  return hexOf(r + (r2 - r) * amount, g + (g2 - g) * amount, bl + (bl2 - bl) * amount);
}

/** How a surface of colour `a` looks under light of colour `b`. */
export function multiply(a: string, b: string): string {
  const [r, g, bl] = channels(a);
  const [r2, g2, bl2] = channels(b);
  return hexOf((r * r2) / 255, (g * g2) / 255, (bl * bl2) / 255);
}

export function lighter(hex: string, amount: number): string {
  return mix(hex, '#ffffff', amount);
}

/** Towards a deep violet rather than black: shadows that stay part of the picture's harmony. */
export function darker(hex: string, amount: number): string {
  return mix(hex, '#1d1836', amount);
}

/** The colour of something that shines by itself. Written so that `lit` leaves it alone. */
export function shining(hex: string): string {
  return `rgb(${channels(hex).join(',')})`;
}

/** Drawn markup under a light: every `#rrggbb` in it goes through `tone`. */
export function lit(markup: string, tone: (hex: string) => string): string {
  const seen = new Map<string, string>();
  return markup.replace(/#[0-9a-f]{6}\b/g, (hex) => {
    const known = seen.get(hex) ?? tone(hex);
    seen.set(hex, known);
    return known;
  });
}
