/** Which providers may be worth a try on this machine. */
import { existsSync, readdirSync } from 'node:fs';
import type { Provider } from '../../core/provider.js';

function linuxCandidates(): Provider[] {
  const nvidia = existsSync('/dev/nvidiactl') || existsSync('/dev/dxg');
  const rendering =
    existsSync('/dev/dri') && readdirSync('/dev/dri').some((device) => device.startsWith('renderD'));
  return [...(nvidia ? (['cuda'] as const) : []), ...(nvidia || rendering ? (['webgpu'] as const) : [])];
}

/**
 * Providers to try, best first, by a look at the machine that costs nothing: the library itself lists WebGPU and CUDA
 * wherever it could have them, with or without a graphics card. TensorRT is only for those who ask for it: it spends
 * minutes on building its own form of a model.
 */
export function providerCandidates(platform: NodeJS.Platform = process.platform): readonly Provider[] {
  if (platform === 'linux') return linuxCandidates();
  if (platform === 'win32') return ['dml', 'webgpu'];
  if (platform === 'darwin') return ['coreml', 'webgpu'];
  return [];
}
