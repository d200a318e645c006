/** SVG by the stroke: the few shapes that everything is drawn with. */

/** A tenth of a pixel is all the eye sees, and rounding keeps the bytes the same everywhere. */
export function num(value: number): string {
  return String(Math.round(value * 10) / 10);
}

export function circle(x: number, y: number, r: number, fill: string, more = ''): string {
  return `<circle cx="${num(x)}" cy="${num(y)}" r="${num(r)}" fill="${fill}" ${more}/>`;
}

export function ellipse(x: number, y: number, rx: number, ry: number, fill: string, more = ''): string {
  return `<ellipse cx="${num(x)}" cy="${num(y)}" rx="${num(rx)}" ry="${num(ry)}" fill="${fill}" ${more}/>`;
}

export function rect(x: number, y: number, w: number, h: number, fill: string, r = 0, more = ''): string {
  return `<rect x="${num(x)}" y="${num(y)}" width="${num(w)}" height="${num(h)}" rx="${num(r)}" fill="${fill}" ${more}/>`;
}

export function path(d: string, fill: string, more = ''): string {
  return `<path d="${d}" fill="${fill}" ${more}/>`;
}

export function line(d: string, colour: string, width: number, more = ''): string {
  return `<path d="${d}" fill="none" stroke="${colour}" stroke-width="${num(width)}" stroke-linecap="round" stroke-linejoin="round" ${more}/>`;
}

export function group(content: string, transform = '', more = ''): string {
  return `<g${transform === '' ? '' : ` transform="${transform}"`} ${more}>${content}</g>`;
}

export function opacity(value: number): string {
  return `opacity="${Math.round(value * 100) / 100}"`;
}

export function polygon(points: readonly number[], fill: string, more = ''): string {
  return `<polygon points="${points.map(num).join(' ')}" fill="${fill}" ${more}/>`;
}

/** The data of a curve through the points x, y, x, y, … (Catmull–Rom, as Béziers). */
export function curve(points: readonly number[], closed = true): string {
  const count = points.length / 2;
  const at = (i: number): readonly [number, number] => {
    const k = closed ? (i + count) % count : Math.max(0, Math.min(count - 1, i));
    return [points[2 * k] as number, points[2 * k + 1] as number];
  };
  let d = `M${at(0).map(num).join(' ')}`;
  for (let i = 0; i < (closed ? count : count - 1); i++) {
    const [[x0, y0], [x1, y1], [x2, y2], [x3, y3]] = [at(i - 1), at(i), at(i + 1), at(i + 2)];
    const bends = [x1 + (x2 - x0) / 6, y1 + (y2 - y0) / 6, x2 - (x3 - x1) / 6, y2 - (y3 - y1) / 6, x2, y2];
    d += `C${bends.map(num).join(' ')}`;
  }
  return closed ? `${d}Z` : d;
}

/** A soft closed form through the points x, y, x, y, … */
export function blob(points: readonly number[], fill: string, more = ''): string {
  return path(curve(points), fill, more);
}

/** Circles x, y, r, … melted into one path: no seams where they overlap, even when see-through. */
export function puffs(circles: readonly number[], fill: string, more = ''): string {
  let d = '';
  for (let i = 0; i + 2 < circles.length; i += 3) {
    const [x, y, r] = [circles[i] as number, circles[i + 1] as number, circles[i + 2] as number];
    d += `M${num(x - r)} ${num(y)}a${num(r)} ${num(r)} 0 1 0 ${num(2 * r)} 0a${num(r)} ${num(r)} 0 1 0 ${num(-2 * r)} 0Z`;
  }
  return path(d, fill, more);
}

/** Gradients of one drawing. Equal ones are kept once. */
export class Defs {
  readonly #known = new Map<string, string>();

  #add(markup: (id: string) => string): string {
    const key = markup('');
    const id = this.#known.get(key) ?? `g${this.#known.size}`;
    this.#known.set(key, id);
    this.#markup.set(id, markup(id));
    return `url(#${id})`;
  }
  readonly #markup = new Map<string, string>();

  /** Colours (with an opacity after a space, if any) from top to bottom, or from left to right. */
  linear(stops: readonly string[], direction: 'down' | 'right' = 'down'): string {
    const to = direction === 'down' ? 'x2="0" y2="1"' : 'x2="1" y2="0"';
    return this.#add(
      (id) => `<linearGradient id="${id}" x1="0" y1="0" ${to}>${stopList(stops)}</linearGradient>`,
    );
  }

  /** From the middle outwards. */
  radial(stops: readonly string[]): string {
    return this.#add((id) => `<radialGradient id="${id}">${stopList(stops)}</radialGradient>`);
  }

  clip(shape: string): string {
    return this.#add((id) => `<clipPath id="${id}">${shape}</clipPath>`);
  }

  toString(): string {
    return `<defs>${[...this.#markup.values()].join('')}</defs>`;
  }
}

function stopList(stops: readonly string[]): string {
  return stops
    .map((stop, i) => {
      const [colour, alpha] = stop.split(' ');
      const seeThrough = alpha === undefined ? '' : ` stop-opacity="${alpha}"`;
      return `<stop offset="${num((i / (stops.length - 1)) * 100)}%" stop-color="${colour}"${seeThrough}/>`;
    })
    .join('');
}
