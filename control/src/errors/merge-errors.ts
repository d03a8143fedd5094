import { defineErrors } from './error-entry.ts';

export const mergeErrors = defineErrors({});
