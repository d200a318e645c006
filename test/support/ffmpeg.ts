import { execFileSync } from 'node:child_process';

/** For `describe.skipIf(...)`: true, after printing the reason, where ffmpeg is not on the PATH. */
export function lacksFfmpeg(): boolean {
  try {
    execFileSync('ffmpeg', ['-version'], { stdio: 'ignore' });
    execFileSync('ffprobe', ['-version'], { stdio: 'ignore' });
    return false;
  } catch {
    process.stderr.write('skipped: ffmpeg is not on the PATH\n');
    return true;
  }
}

/** Writes a video of plain colours, three seconds each. */
export function colourVideo(path: string, colours: readonly string[], options: readonly string[] = []): void {
  const inputs = colours.flatMap((colour) => ['-f', 'lavfi', '-i', `color=c=${colour}:s=320x240:r=10:d=3`]);
  const joined = `${colours.map((_, i) => `[${i}:v]`).join('')}concat=n=${colours.length}:v=1[out]`;
  const codec = path.endsWith('.webm') ? ['-c:v', 'libvpx', '-b:v', '400k'] : ['-c:v', 'mpeg4', '-q:v', '3'];
  const quiet = ['-y', '-nostdin', '-loglevel', 'error'];
  const graph = ['-filter_complex', joined, '-map', '[out]'];
  execFileSync('ffmpeg', [...quiet, ...inputs, ...graph, ...codec, ...options, path]);
}
