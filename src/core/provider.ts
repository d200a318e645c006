/** What ONNX Runtime can calculate with. */
export const PROVIDERS = ['cpu', 'cuda', 'tensorrt', 'webgpu', 'dml', 'coreml'] as const;
export type Provider = (typeof PROVIDERS)[number];

export const PROVIDER_CHOICES: readonly ['auto', ...typeof PROVIDERS] = ['auto', ...PROVIDERS];
/** `auto`: the fastest that calculates as the CPU does. */
export type ProviderChoice = 'auto' | Provider;
