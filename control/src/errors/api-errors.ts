import { defineErrors } from './error-entry.ts';

export const apiErrors = defineErrors({});
