import { readFile } from 'node:fs/promises';
import { unreadableFile, usageFailure } from './command-failure.ts';
import type { Terminal } from './terminal.ts';

/**
 * The text of a file; `-` is stdin.
 * @throws CommandFailure UNREADABLE_FILE
 */
export const readText = async (path: string, terminal: Terminal): Promise<string> => {
  if (path === '-') return await terminal.readInput();
  return (await readBytes(path)).toString('utf8');
};

/** @throws CommandFailure UNREADABLE_FILE */
export const readBytes = async (path: string): Promise<Buffer> => {
  try {
    return await readFile(path);
  } catch (error) {
    throw unreadableFile(path, error);
  }
};

/**
 * The JSON object in a file; `-` is stdin.
 * @throws CommandFailure UNREADABLE_FILE or USAGE
 */
export const readJsonObject = async (path: string, terminal: Terminal): Promise<Record<string, unknown>> => {
  const text = await readText(path, terminal);
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    throw usageFailure(`${path} is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (!isObject(parsed)) throw usageFailure(`${path}: expected a JSON object`);
  return parsed;
};

/** JSON if it parses as JSON, else the string itself. */
export const jsonOrString = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
};

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
