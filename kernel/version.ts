import { readFileSync } from 'node:fs';

const manifest: unknown = JSON.parse(readFileSync(new URL('./package.json', import.meta.url), 'utf8'));

/** The version of Sluice, as the package says. */
export const sluiceVersion: string = (manifest as { readonly version: string }).version;
