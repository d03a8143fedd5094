/** The health check of the other containers: `check-http.ts URL [TEXT]`: it answers well, and says the text. */
const [url = '', text = ''] = process.argv.slice(2);
try {
  const answer = await fetch(url, { signal: AbortSignal.timeout(4000) });
  process.exitCode = answer.ok && (await answer.text()).includes(text) ? 0 : 1;
} catch {
  process.exitCode = 1;
}
