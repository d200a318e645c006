/** Newton's method for a convex function of two parameters, with steps that are halved until they help. */

export type Parameters = readonly [number, number];

/** Value, gradient and second derivatives at a point. */
export interface Curvature {
  readonly value: number;
  readonly gradient: Parameters;
  /** d²/da², d²/dadb, d²/db². */
  readonly hessian: readonly [number, number, number];
}

const STEPS = 100;
const HALVINGS = 40;
/** Added to the second derivatives, so that a flat direction does not make a step endless. */
const RIDGE = 1e-9;
const GOOD_ENOUGH = 1e-10;

/** Where the function is least, as far as floating point tells. */
export function minimum(at: (point: Parameters) => Curvature, start: Parameters): Parameters {
  let point = start;
  let here = at(point);
  for (let step = 0; step < STEPS; step++) {
    const [ga, gb] = here.gradient;
    const [aa, ab, bb] = [here.hessian[0] + RIDGE, here.hessian[1], here.hessian[2] + RIDGE];
    const determinant = aa * bb - ab * ab;
    const towards = [(bb * ga - ab * gb) / determinant, (aa * gb - ab * ga) / determinant] as const;
    const next = improvement(at, point, here.value, towards);
    if (next === undefined) return point;
    const gain = here.value - next.curvature.value;
    [point, here] = [next.point, next.curvature];
    if (gain < GOOD_ENOUGH) return point;
  }
  return point;
}

function improvement(
  at: (point: Parameters) => Curvature,
  [a, b]: Parameters,
  value: number,
  [da, db]: Parameters,
): { point: Parameters; curvature: Curvature } | undefined {
  for (let halving = 0, size = 1; halving < HALVINGS; halving++, size /= 2) {
    const point = [a - size * da, b - size * db] as const;
    const curvature = at(point);
    if (curvature.value < value) return { point, curvature };
  }
  return undefined;
}
