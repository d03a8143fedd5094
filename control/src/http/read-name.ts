import { SluiceError } from '../errors/sluice-error.ts';
import { namePattern } from './parameters.ts';

const pattern = new RegExp(namePattern);

/** The one door for names and ids from an address. Throws NAME_INVALID. */
export function readName(text: string): string {
  if (pattern.test(text)) return text;
  throw new SluiceError('NAME_INVALID', { name: JSON.stringify(text.slice(0, 100)) });
}
