/** Which page of which snapshot; both are counted from 1. */
export interface PageWish {
  readonly snapshot: number;
  readonly page: number;
  readonly perPage: number;
}

/** The time at which the first snapshot was taken, so that the same wish gives the same bytes. */
const EPOCH = Date.parse('2026-11-24T03:00:00.000Z');
const FIVE_MINUTES = 300_000;
/** The golden ratio scatters whole numbers over 0 to 1 without ever repeating. */
const SCATTER = 0.6180339887498949;

/** As they stand in JSON. */
const names = ['Coin', 'Coin, \\"the\\" second', 'Münze', 'Line\\nbreak', '  spaces  ', "O'Coin"];
/** Volumes that the pipeline must leave out, the limit itself among them. */
const smallVolumes = ['1000', '999.99', '0', 'null', '1E3'];

/**
 * One page as the API of CoinGecko answers it (https://docs.coingecko.com/reference/coins-markets): an array of coins.
 * Has what makes pipelines stumble: whole, broken and exponential numbers in one field, price 0, nulls of all kinds.
 */
export function makeMarketPage({ snapshot, page, perPage }: PageWish): string {
  const first = (page - 1) * perPage;
  const coins = Array.from({ length: perPage }, (_, index) => makeCoin(snapshot, first + index));
  return `[${coins.join(',\n')}]`;
}

/** Text and not an object, because JavaScript would write 1.5E9 as 1500000000. */
function makeCoin(snapshot: number, rank: number): string {
  const seed = snapshot * 1000 + rank;
  const fields = [
    ['id', `"coin-${rank}"`],
    ['symbol', `"c${rank}"`],
    ['name', `"${names[rank % names.length]} ${rank}"`],
    ['image', rank % 3 === 0 ? 'null' : `"https://example.org/${rank}.png"`],
    ['market_cap_rank', String(rank + 1)],
    ...makePrices(seed, rank),
    ...makeHistory(seed, rank),
    ['last_updated', rank % 29 === 28 ? 'null' : quote(EPOCH + snapshot * FIVE_MINUTES + rank)],
  ];
  return `{${fields.map(([name, value]) => `"${name}":${value}`).join(',')}}`;
}

type Field = readonly [name: string, value: string];

function makePrices(seed: number, rank: number): readonly Field[] {
  const price = rank % 7 === 3 ? '0' : writeNumber(seed, 10 ** ((rank % 9) - 3));
  const isSmall = rank % 5 === 2;
  const small = smallVolumes[Math.floor(rank / 5) % smallVolumes.length] ?? '0';
  return [
    ['current_price', price],
    ['market_cap', writeNumber(seed + 1, 1e12)],
    ['total_volume', isSmall ? small : writeNumber(seed + 2, 1e9, 1001)],
    ['high_24h', rank % 19 === 18 ? 'null' : writeNumber(seed + 3, 120)],
    ['low_24h', rank % 23 === 22 ? 'null' : writeNumber(seed + 4, 100)],
    ['price_change_24h', rank % 6 === 5 ? 'null' : `-${writeNumber(seed + 5, 10)}`],
    ['price_change_percentage_24h', rank % 6 === 5 ? 'null' : writeNumber(seed + 6, 5)],
    ['circulating_supply', '21000000.0'],
  ];
}

function makeHistory(seed: number, rank: number): readonly Field[] {
  const percentage = writeNumber(seed + 9, 5000);
  const roi = `{"times":${writeNumber(seed + 8, 50)},"currency":"btc","percentage":${percentage}}`;
  return [
    ['ath', writeNumber(seed + 7, 70_000)],
    ['ath_date', rank % 13 === 12 ? 'null' : quote(Date.UTC(2021, rank % 12, 1 + (rank % 28)))],
    ['atl', rank % 4 === 1 ? '1.0E-8' : writeNumber(seed + 10, 0.01)],
    ['atl_date', rank % 17 === 16 ? '"long ago"' : quote(Date.UTC(2013, 6, 6, rank % 24, 0, 1, 7))],
    ['roi', rank % 11 === 0 ? roi : rank % 11 === 1 ? '{"times":null}' : 'null'],
  ];
}

/** A number up to `most`, in one of the ways in which the API writes numbers. */
function writeNumber(seed: number, most: number, least = 0): string {
  const value = least + ((seed * SCATTER) % 1) * most;
  const ways = [
    () => String(Math.ceil(value)),
    () => String(value),
    () => value.toExponential(3).replace('e+', 'E').replace('e', 'E'),
    () => value.toPrecision(6),
    () => `${Math.ceil(value)}.0`,
  ];
  return ways[seed % ways.length]?.() ?? '0';
}

function quote(time: number): string {
  return `"${new Date(time).toISOString()}"`;
}
