import { existsSync } from 'node:fs';

/** Debian's chromium comes with a Vulkan that calculates on the CPU. */
const DRIVER = '/usr/lib/chromium/vk_swiftshader_icd.json';
const LOADERS = ['/usr/lib/x86_64-linux-gnu/libvulkan.so.1', '/usr/lib/aarch64-linux-gnu/libvulkan.so.1'];

/** For `describe.skipIf(...)`: true, after printing the reason, where WebGPU cannot be run in software. */
export function lacksSoftwareVulkan(): boolean {
  const missing = !existsSync(DRIVER)
    ? `${DRIVER} is not here (apt-get install chromium)`
    : !LOADERS.some((path) => existsSync(path))
      ? 'there is no Vulkan loader (apt-get install libvulkan1)'
      : undefined;
  if (missing) process.stderr.write(`skipped: ${missing}\n`);
  // Worker processes that are started from now on find the driver by it.
  else process.env['VK_ICD_FILENAMES'] = DRIVER;
  return missing !== undefined;
}
