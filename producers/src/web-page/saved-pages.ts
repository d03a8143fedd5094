import { createHash } from 'node:crypto';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

const MOST_FILES = 5;

/**
 * Keeps pages that are not as expected, for people to look at: the last five, and a page that stays the same once.
 * Never rejects: what cannot be kept is no reason to stop.
 */
export class SavedPages {
  readonly #folder: string;
  readonly #page: string;
  readonly #saved = new Map<string, string>();

  constructor(folder: string, page: string) {
    this.#folder = resolve(folder);
    this.#page = page;
  }

  /** The file that holds the page, or undefined when it could not be written. */
  async save(body: Buffer, at: Date): Promise<string | undefined> {
    const digest = createHash('sha256').update(body).digest('hex').slice(0, 12);
    const known = this.#saved.get(digest);
    if (known !== undefined) {
      return known;
    }
    const time = at.toISOString().slice(0, 19).replaceAll(/[-:T]/g, '');
    const file = join(this.#folder, `${this.#page}-${time}-${digest}.html`);
    try {
      await mkdir(this.#folder, { recursive: true });
      await writeFile(file, body);
      this.#saved.set(digest, file);
      await this.#forgetOldest();
      return file;
    } catch {
      return undefined;
    }
  }

  async #forgetOldest(): Promise<void> {
    const shape = new RegExp(`^${this.#page}-\\d{14}-[0-9a-f]{12}\\.html$`);
    const names = (await readdir(this.#folder)).filter((name) => shape.test(name)).toSorted();
    for (const name of names.slice(0, -MOST_FILES)) {
      await rm(join(this.#folder, name), { force: true });
    }
  }
}
