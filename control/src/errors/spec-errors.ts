import { defineErrors } from './error-entry.ts';

export const specErrors = defineErrors({});
