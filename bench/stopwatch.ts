/** Wall time and the processor time of this process, all threads together, over a stretch of work. */
export interface Effort {
  readonly seconds: number;
  readonly cpuSeconds: number;
}

export async function effortOf(work: () => Promise<unknown>): Promise<Effort> {
  const cpu = process.cpuUsage();
  const start = performance.now();
  await work();
  const seconds = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  return { seconds, cpuSeconds: (user + system) / 1e6 };
}
