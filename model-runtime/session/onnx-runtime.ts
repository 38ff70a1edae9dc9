import { createRequire } from 'node:module';
import type * as Ort from 'onnxruntime-node';

/**
 * The one place where onnxruntime-node is loaded. Its float16 tensors take Uint16Array only where
 * the engine has no Float16Array (microsoft/onnxruntime#24953), so that global is taken away first.
 * Version 1.30 gathers telemetry of its use for Microsoft, unless the environment says no.
 */
export const loadOnnxRuntime = (): typeof Ort => {
  Reflect.deleteProperty(globalThis, 'Float16Array');
  process.env['ORT_DISABLE_TELEMETRY'] = '1';
  return createRequire(import.meta.url)('onnxruntime-node') as typeof Ort;
};

export type { Ort };
