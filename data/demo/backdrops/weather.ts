/** What falls or drifts between the viewer and the scene, and the last touch of light on all of it. */
import { lighter } from '../colour.js';
import { circle, ellipse, line, num, opacity, rect } from '../shape.js';
import type { Stage } from '../stage.js';
import { HEIGHT, WIDTH } from '../stage.js';
import { sunAt } from './sky.js';

function rain(stage: Stage, count: number): string {
  const random = stage.random('rain');
  const slant = stage.light.side * -0.22;
  let [thin, thick, rings] = ['', '', ''];
  for (let i = 0; i < count; i++) {
    const [x, y] = [random.between(-20, WIDTH + 20), random.between(-20, HEIGHT)];
    const long = random.between(12, 30);
    const d = `M${num(x)} ${num(y)}l${num(long * slant)} ${num(long)}`;
    if (i % 4 === 0) thick += d;
    else thin += d;
  }
  for (let i = 0; i < 26; i++) {
    const y = random.between(stage.horizon + 100, HEIGHT);
    rings += ellipse(
      random.between(0, WIDTH),
      y,
      random.between(4, 10),
      random.between(1.2, 2.6),
      'none',
      'stroke="#eaf2fb" stroke-width="1.2" opacity="0.5"',
    );
  }
  return rings + line(thin, '#e3edf8', 1.1, 'opacity="0.45"') + line(thick, '#f2f7fd', 1.9, 'opacity="0.5"');
}

function snow(stage: Stage): string {
  const random = stage.random('snow');
  let drawn = '';
  for (let i = 0; i < 150; i++) {
    const near = random.next() ** 2.2;
    drawn += circle(
      random.between(0, WIDTH),
      random.between(0, HEIGHT),
      1 + 3.6 * near,
      '#ffffff',
      opacity(0.92 - near * 0.35),
    );
  }
  return drawn;
}

function bank({ light }: Stage): string {
  return lighter(light.haze, light.night ? 0.06 : 0.3);
}

/** What hangs in the air behind the things of a scene: banks of fog. */
export function air(stage: Stage): string {
  if (stage.light.weather !== 'fog') return '';
  const chance = stage.random('fog');
  const veil = stage.defs.radial([`${bank(stage)} 0.66`, `${bank(stage)} 0`]);
  let drawn = '';
  for (let i = 0; i < 9; i++)
    drawn += ellipse(
      chance.between(0, WIDTH),
      stage.horizon + chance.between(-60, 130),
      chance.between(160, 320),
      chance.between(18, 42),
      veil,
    );
  return drawn;
}

/** Fog before everything: it hides what is far and only softens what is near. */
function fog(stage: Stage): string {
  const { light, defs } = stage;
  const near = bank(stage);
  return rect(
    0,
    0,
    WIDTH,
    HEIGHT,
    defs.linear([`${light.haze} 0.2`, `${near} 0.36`, `${near} 0.2`, `${near} 0.04`]),
  );
}

export function weather(stage: Stage): string {
  switch (stage.light.weather) {
    case 'rain':
      return rain(stage, 170);
    case 'storm':
      return rain(stage, 230);
    case 'snow':
      return snow(stage);
    case 'fog':
      return fog(stage);
    default:
      return '';
  }
}

/** Sunlight that spills over the scene, and corners a little darker than the middle. */
export function grade(stage: Stage, outside: boolean): string {
  const { light, defs } = stage;
  const [x, y] = sunAt(stage);
  const low = light.time === 'sunset' || light.time === 'dawn';
  const spill =
    outside && light.open && !light.night
      ? ellipse(
          x,
          y + (low ? 60 : 20),
          420,
          330,
          defs.radial([`${light.glow} ${low ? 0.26 : 0.14}`, `${light.glow} 0`]),
        )
      : '';
  return (
    spill +
    ellipse(
      WIDTH / 2,
      HEIGHT / 2,
      520,
      420,
      defs.radial(['#140f2e 0', '#140f2e 0', `#140f2e ${light.night ? 0.42 : 0.24}`]),
    )
  );
}
