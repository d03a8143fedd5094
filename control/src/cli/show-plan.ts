import type { PlanPreview } from '../pipeline/preview-pipeline.ts';
import type { CostEstimate, CostLine } from '../submit/estimate-glue-cost.ts';
import { harmless } from './print-text.ts';

/** A plan as text to read. */
export function showPlan({ pipeline, target, steps, cost }: PlanPreview): string {
  const lines = steps.flatMap(({ do: action, what }, index) => [
    `${String(index + 1).padStart(3)}. ${action}`,
    ...what.map((each) => `       ${harmless(each)}`),
  ]);
  return [`${pipeline} on ${target}`, ...lines, ...(cost ? costLines(cost) : [])].join('\n');
}

function costLines({ lines, dollars, prices, assumptions }: CostEstimate): readonly string[] {
  return [
    `estimated cost of a month: ${money(dollars)}`,
    ...lines.map(showLine),
    `     at the prices of ${prices.region} of ${prices.date}; other regions differ`,
    ...assumptions.map((each) => `     assumed: ${each}`),
  ];
}

function showLine({ what, quantity, unit, dollars }: CostLine): string {
  const amount = `${quantity.toLocaleString('en')} ${unit}`;
  return `     ${money(dollars).padStart(9)}  ${what}, ${amount}`;
}

function money(dollars: number): string {
  return `$${dollars.toFixed(2)}`;
}
