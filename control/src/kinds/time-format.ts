/** A part of a time format that cannot be used; `offset` counts UTF-16 units from its start. */
export interface FormatProblem {
  readonly found: string;
  readonly offset: number;
}

/**
 * The letters that parse alike on Spark 3.5 to 4.2 (spark.apache.org/docs/latest/sql-ref-datetime-pattern.html), each
 * as often as it may stand; texts in quotes; marks that mean themselves.
 */
const parts =
  /(?:yyyy|yy|MMMM|MMM|MM|M|dd|d|HH|H|hh|h|mm|m|ss|s|S{1,9}|a|X{1,3}|x{1,3})|'(?:[^']|'')*'|[^A-Za-z'#{}[\]]/y;

/** The first part of a format that Spark would refuse when the query starts, or read in its own way. */
export function findFormatProblem(format: string): FormatProblem | undefined {
  let at = 0;
  let last = '';
  while (at < format.length) {
    parts.lastIndex = at;
    const part = parts.exec(format)?.[0];
    // Two runs of one letter are one longer run to Spark.
    if (part === undefined || (/[A-Za-z]/.test(part[0] ?? '') && part[0] === last)) {
      const found = /^[A-Za-z]+/.exec(format.slice(at))?.[0] ?? format.charAt(at);
      return { found, offset: at };
    }
    last = part.at(-1) ?? '';
    at += part.length;
  }
  return undefined;
}
