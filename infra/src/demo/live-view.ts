import { createLogUpdate } from 'log-update';
import pc from 'picocolors';
import { type DemoView, describeLine } from './demo-view.ts';

const LINE_EVERY_MS = 2_000;

/** Where the demo shows how it goes: a calm table that stays in place on a terminal, else a line now and then. */
export interface LiveView {
  show(view: DemoView): void;
  /** A step that begins. */
  tell(what: string): void;
  /** Leaves the last picture and gives the terminal back. */
  close(): void;
}

export function openLiveView(output: NodeJS.WriteStream): LiveView {
  return output.isTTY ? openTable(output) : openLines(output);
}

function openTable(output: NodeJS.WriteStream): LiveView {
  const update = createLogUpdate(output);
  return {
    show: (view) => update(drawTable(view)),
    tell: (what) => update.persist(pc.dim(`  ${what}`)),
    close: () => update.done(),
  };
}

function openLines(output: NodeJS.WriteStream): LiveView {
  let shownAt = Number.NEGATIVE_INFINITY;
  return {
    show: (view) => {
      if (performance.now() - shownAt < LINE_EVERY_MS) return;
      shownAt = performance.now();
      output.write(`${describeLine(view)}\n`);
    },
    tell: (what) => output.write(`${what}\n`),
    close: () => undefined,
  };
}

function drawTable(view: DemoView): string {
  const width = Math.max(...view.rows.map(([name]) => name.length));
  const rows = view.rows.map(([name, value]) => `  ${pc.dim(name.padEnd(width))}   ${value}`);
  return [
    '',
    `  ${pc.bold('Sluice demo')}   ${pc.dim(view.elapsed)}`,
    '',
    ...rows,
    '',
    `  ${pc.dim(view.footer)}`,
    '',
  ].join('\n');
}
