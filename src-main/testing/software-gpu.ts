import { existsSync } from 'node:fs';
import { probeProvider } from '../engine/session.ts';

/** SwiftShader, a Vulkan device in software, as Chromium's packages bring it. */
const softwareDrivers = ['/usr/lib/chromium/vk_swiftshader_icd.json', '/usr/lib64/chromium/vk_swiftshader_icd.json'];

/**
 * Makes WebGPU usable where there is no GPU, and says whether it is. Call it before the first session of the process:
 * the Vulkan loader reads the variable once.
 */
export async function webgpuForTests(): Promise<{ ok: boolean }> {
  const driver = softwareDrivers.find((path) => existsSync(path));
  if (driver) process.env.VK_ICD_FILENAMES ??= driver;
  const { ok, detail } = await probeProvider('webgpu');
  if (!ok) console.warn(`WebGPU tests did not run: ${detail}. A GPU, or Debian's chromium package, makes them run.`);
  return { ok };
}
