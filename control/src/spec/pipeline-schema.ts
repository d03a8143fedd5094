/** The JSON Schema of a whole spec with all kinds inside, for editors, `sluice schema` and the documentation. */
export function pipelineSchema(): Readonly<Record<string, unknown>> {
  return {};
}
