/** What a cell of the merged file must hold. A Date is an instant. */
export type Cell = string | number | Date | null;

/** The columns of the merged file, in their order. */
export const marketColumns = Object.freeze([
  ...['id', 'name', 'symbol', 'current_price', 'market_cap', 'total_volume', 'high_24h'],
  ...['low_24h', 'price_change_24h', 'price_change_percentage_24h', 'ath', 'ath_date', 'atl'],
  ...['atl_date', 'last_updated', 'currency', 'percentage', 'times', 'hour_updated'],
  ...['day_updated', 'volatility_24h'],
]);

/** A coin as the API answers it; everything may be missing. */
interface Coin {
  readonly [field: string]: unknown;
}

const SMALLEST_VOLUME = 1000;
const days = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

/**
 * The rows that the pipeline must make of one snapshot, computed here once more from the words of its spec and without
 * anything of Spark or of the generated job: 20 columns and the volatility.
 */
export function expectRows(snapshot: string): readonly (readonly Cell[])[] {
  const { results } = JSON.parse(snapshot) as { readonly results: readonly Coin[] };
  return results.filter(isTraded).map(expectRow);
}

function isTraded({ total_volume }: Coin): boolean {
  return typeof total_volume === 'number' && total_volume > SMALLEST_VOLUME;
}

function expectRow(coin: Coin): readonly Cell[] {
  const numbers = [
    ...['current_price', 'market_cap', 'total_volume', 'high_24h', 'low_24h'],
    ...['price_change_24h', 'price_change_percentage_24h', 'ath'],
  ].map((name) => number(coin[name]));
  const updated = instant(coin.last_updated);
  const roi = isCoin(coin.roi) ? coin.roi : {};
  return [
    ...[text(coin.id), text(coin.name), text(coin.symbol), ...numbers],
    ...[instant(coin.ath_date), number(coin.atl), instant(coin.atl_date), updated],
    ...[text(roi.currency), number(roi.percentage), number(roi.times)],
    ...[updated?.getUTCHours() ?? null, updated ? (days[updated.getUTCDay()] ?? null) : null],
    volatility(coin),
  ];
}

/** What cannot be computed is null, never an infinity. */
function volatility(coin: Coin): number | null {
  const [high, low, price] = [coin.high_24h, coin.low_24h, coin.current_price].map(number);
  if (high == null || low == null || price == null || price === 0) return null;
  return ((high - low) / price) * 100;
}

/** Times come with three digits of a second and in UTC; anything else is none. */
function instant(value: unknown): Date | null {
  const isTime =
    typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(value);
  return isTime ? new Date(value) : null;
}

function number(value: unknown): number | null {
  return typeof value === 'number' ? value : null;
}

function text(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

function isCoin(value: unknown): value is Coin {
  return typeof value === 'object' && value !== null;
}
