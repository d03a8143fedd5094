import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createSeededRandom, type SeededRandom } from '../producers/src/seeded-random.ts';

/** Fills a new folder with snapshots of the market, shaped and sized as the API answers: about 800 bytes a coin. */
export function writeMarketFiles(
  folder: string,
  { files, coins }: { readonly files: number; readonly coins: number },
): void {
  mkdirSync(folder);
  const random = createSeededRandom('bench-files');
  for (let file = 0; file < files; file += 1) {
    const results = Array.from({ length: coins }, (_, rank) => makeCoin(rank, random));
    const stamp = 20_261_124_000_000 + file;
    writeFileSync(join(folder, `crypto_${stamp}.json`), JSON.stringify({ results }));
  }
}

function makeCoin(rank: number, random: SeededRandom): Readonly<Record<string, unknown>> {
  const amount = (limit: number, scale = 1): number =>
    (random.below(limit * 100) + 1) / 100 / scale;
  const time = (year: number): string =>
    new Date(Date.UTC(year, 0, 1) + random.below(3e10)).toISOString();
  const price = amount(70_000);
  return {
    id: `coin-${rank}`,
    symbol: `c${rank}`,
    name: `Coin ${rank}, "the" ${rank}th`,
    image: `https://assets.example.org/coins/images/${rank}/large/coin-${rank}.png?1696501400`,
    current_price: price,
    market_cap: random.below(1e12),
    market_cap_rank: rank + 1,
    fully_diluted_valuation: random.below(1e12),
    total_volume: random.below(20) === 0 ? random.below(1000) : random.below(1e10),
    high_24h: price * 1.02,
    low_24h: price * 0.97,
    price_change_24h: amount(100, -7),
    price_change_percentage_24h: amount(10, 3),
    market_cap_change_24h: amount(1e7, -1),
    market_cap_change_percentage_24h: amount(10, 3),
    circulating_supply: amount(1e6),
    total_supply: amount(1e6),
    max_supply: rank % 3 === 0 ? null : amount(1e6),
    ath: price * 1.7,
    ath_change_percentage: amount(90, -1),
    ath_date: time(2021),
    atl: price / 90,
    atl_change_percentage: amount(9000),
    atl_date: time(2015),
    roi: rank % 4 === 0 ? { times: amount(50), currency: 'btc', percentage: amount(5000) } : null,
    last_updated: time(2026),
    price_change_percentage_1h_in_currency: amount(5, 3),
    price_change_percentage_24h_in_currency: amount(10, 3),
    price_change_percentage_7d_in_currency: amount(30, 3),
  };
}
