import { z } from 'zod';

/** How a manifest points into a tensor. */

export const tensorName = z.string().min(1);
export const columnIndex = z.number().int().min(0);
