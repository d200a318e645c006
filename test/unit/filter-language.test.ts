import { describe, expect, it } from 'vitest';
import { SightlineError } from '#src/core/errors.js';
import { dateFault, periodOf } from '#src/core/filter-dates.js';
import { parseFilter } from '#src/core/filter-parser.js';
import { printFilter } from '#src/core/filter-printer.js';
import { parseTyped } from '#src/core/typed-query.js';

function faultOf(source: string): SightlineError {
  try {
    parseFilter(source);
  } catch (error) {
    if (error instanceof SightlineError) return error;
    throw error;
  }
  throw new Error(`Expected ${source} to be refused.`);
}

describe('the filter language', () => {
  it('joins conditions by and, or, not and brackets', () => {
    expect(parseFilter('camera:Leica -folder:trash (rating>=4 or tag:family)')).toEqual({
      all: [
        { field: 'camera', op: ':', value: 'Leica' },
        { not: { field: 'folder', op: ':', value: 'trash' } },
        {
          any: [
            { field: 'rating', op: '>=', value: 4 },
            { field: 'tag', op: ':', value: 'family' },
          ],
        },
      ],
    });
    expect(parseFilter('has:gps and not kind:caption')).toEqual({
      all: [{ field: 'has', value: 'gps' }, { not: { field: 'kind', value: 'caption' } }],
    });
    expect(parseFilter('  ')).toEqual({ all: [] });
  });

  it.each([
    ['size>2MB', 'size>2000000'],
    ['aperture<f/2.8', 'aperture<2.8'],
    ['focal>=50mm', 'focal>=50'],
    ['near:48.1,11.5,500m', 'near:48.1,11.5,0.5km'],
    ['near:48.1,11.5,10', 'near:48.1,11.5,10km'],
    ['ext:jpg,png', 'ext:jpg or ext:png'],
    ['tag:"a, b"', 'tag:"a, b"'],
    ['Keyword:x', 'tag:x'],
    ['rating:4', 'rating=4'],
    ['taken:"2024-01-31 18:30"', 'taken=2024-01-31T18:30'],
    ['folder:"C:\\Photos"', 'folder:"C:\\\\Photos"'],
  ])('reads %s as %s', (source, canonical) => {
    expect(printFilter(parseFilter(source))).toBe(canonical);
  });

  it.each([
    ['camra:Leica', 'at character 1, “camra”: there is no field camra. Did you mean camera?', 'camera:Leica'],
    [
      'taken>2024-13-01',
      'at character 7, “2024-13-01”: there is no month 13. Did you mean 2024-01-13?',
      'taken>2024-01-13',
    ],
    ['taken>2023-02-30', '2023-02 has no day 30. Did you mean 2023-02-28?', 'taken>2023-02-28'],
    ['taken>31.12.2024', 'Did you mean 2024-12-31?', 'taken>2024-12-31'],
    ['taken:2024/5', 'Did you mean 2024-05?', 'taken:2024-05'],
    ['orientation:portrit', 'Did you mean portrait?', 'orientation:portrait'],
    ['has:gsp', 'Did you mean gps?', 'has:gps'],
    ['camera>Leica', 'at character 7, “>”: camera has no order', 'camera:Leica'],
    ['width>3000pixels', 'the units of width are px. Did you mean 3000?', 'width>3000'],
    ['within:55,5,47,15', 'its south lies north of its north', 'within:47,5,55,15'],
  ])('names the place and the likely meaning of %s', (source, words, likely) => {
    const { message, details, code } = faultOf(source);
    expect(code).toBe('ERR_FILTER_INVALID');
    expect(message).toContain(words);
    expect(details['likely']).toBe(likely);
    expect(() => parseFilter(likely)).not.toThrow();
  });

  it.each([
    ['camera:', 'a value is missing behind camera:'],
    ['camera:"Leica', 'at character 8, “"Leica”: the quotes are not closed'],
    ['(camera:x', 'at character 1, “(”: this bracket is not closed'],
    ['camera:x)', 'at character 9, “)”: nothing was opened'],
    ['camera:x or', 'at the end: a condition is missing'],
    ['beach', 'a condition is a field, an operator and a value'],
    ['near:100,2,5km', '100 is no number of degrees from -90 to 90'],
    ['near:1,2', 'a place is latitude,longitude,distance'],
    ['rating>four', 'rating is a number'],
    ['taken:2024-01-31T25:00', 'there is no time 25:00'],
    ['ext:jpg,,png', 'the value of ext is empty'],
    ['-'.repeat(30) + 'tag:x', 'nested more than 24 deep'],
  ])('refuses %s', (source, words) => {
    expect(faultOf(source).message).toContain(words);
  });
});

describe('dates', () => {
  it('are periods', () => {
    const days = (value: string): number => {
      const { start, end } = periodOf(value, 'wall');
      return (end - start) / 86_400_000;
    };
    expect(['2023', '2024', '2024-02', '2024-02-29', '2024-02-29T12:00'].map(days)).toEqual([
      365,
      366,
      29,
      1,
      1 / 1440,
    ]);
    expect(periodOf('2024-03', 'wall').start).toBe(Date.UTC(2024, 2));
    expect(periodOf('2024-03-05', 'local').start).toBe(new Date(2024, 2, 5).getTime());
  });

  it('know the calendar', () => {
    expect(dateFault('2000-02-29')).toBeUndefined();
    expect(dateFault('1900-02-29')).toMatchObject({ likely: '1900-02-28' });
    expect(dateFault('yesterday')).toMatchObject({ reason: expect.stringContaining('2024-01-31') as string });
  });
});

describe('a typed line', () => {
  it('holds words, exact words, leave-outs and conditions', () => {
    expect(parseTyped('a dog -people "golden gate" camera:Leica -"red car" -tag:old')).toEqual({
      text: 'a dog golden gate',
      leaveOut: ['people', 'red car'],
      filter: {
        all: [
          { field: 'words', op: ':', value: 'golden gate' },
          { field: 'camera', op: ':', value: 'Leica' },
          { not: { field: 'tag', op: ':', value: 'old' } },
        ],
      },
    });
  });

  it.each([
    'time 16:30 in the (old) town',
    'a sign with the title: welcome',
    'note:pad and a t-shirt',
    'dog ) (',
    'half a "quote',
    'camera:',
  ])('leaves “%s” as words', (source) => {
    expect(parseTyped(source)).toEqual({ text: source, leaveOut: [] });
  });

  it('tells a slip of the finger from words', () => {
    expect(() => parseTyped('a dog camra:Leica')).toThrow(/at character 7, “camra”.*Did you mean camera/);
    expect(() => parseTyped('a dog taken>2024-13-01')).toThrow(/there is no month 13/);
  });
});
