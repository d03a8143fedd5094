/** `crypto_YYYYMMDDHHMMSS`, in UTC. */
export function nameSnapshot(at: Date): string {
  return `crypto_${at.toISOString().slice(0, 19).replaceAll(/[-:T]/g, '')}`;
}
