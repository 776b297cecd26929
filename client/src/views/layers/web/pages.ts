/** The rows of a folder in pages, asked for as they are looked at; a bounded number of them is kept. Pure. */
export interface Page<Row> {
  readonly total: number;
  readonly rows: readonly Row[];
  readonly capped?: boolean;
  readonly failure?: string;
}

export interface Pages<Row> {
  readonly row: (index: number) => Row | undefined;
  /** Asks for what is not there of these rows, and for a page on both sides. */
  readonly want: (from: number, to: number) => void;
  /** Undefined before the first answer. */
  readonly total: () => number | undefined;
  readonly failure: () => string | undefined;
  readonly capped: () => boolean;
}

export const PAGE = 200;
/** Pages of a folder that are kept: those next to what is looked at. */
const KEPT = 40;

export interface Asking<Row> {
  /** Rejects when it was not asked after all, because something else is looked at by now. */
  readonly ask: (from: number, count: number, isWanted: () => boolean) => Promise<Page<Row>>;
  readonly onPage: (from: number, rows: readonly Row[]) => void;
}

export function pagesOf<Row>({ ask, onPage }: Asking<Row>): Pages<Row> {
  const pages = new Map<number, readonly Row[]>();
  const asked = new Set<number>();
  let total: number | undefined;
  let failure: string | undefined;
  let capped = false;
  let seen = { first: 0, last: 0 };

  const isWanted = (page: number): boolean => page >= seen.first - 1 && page <= seen.last + 1;

  const load = (page: number): void => {
    if (pages.has(page) || asked.has(page) || failure !== undefined) return;
    if (page < 0 || (total !== undefined && page * PAGE >= Math.max(total, 1))) return;
    if (total === undefined && page > 0) return;
    asked.add(page);
    ask(page * PAGE, PAGE, () => isWanted(page))
      .then((answer) => {
        total = answer.total;
        failure = answer.failure;
        capped = answer.capped === true;
        pages.set(page, answer.rows);
        forget();
        onPage(page * PAGE, answer.rows);
      })
      .catch(() => {})
      .finally(() => asked.delete(page));
  };

  const forget = (): void => {
    if (pages.size <= KEPT) return;
    const middle = (seen.first + seen.last) / 2;
    const farthest = [...pages.keys()].toSorted((a, b) => Math.abs(b - middle) - Math.abs(a - middle));
    for (const page of farthest.slice(0, pages.size - KEPT)) pages.delete(page);
  };

  return {
    row: (index) => pages.get(Math.floor(index / PAGE))?.[index % PAGE],
    want(from, to) {
      seen = { first: Math.floor(from / PAGE), last: Math.floor(Math.max(from, to - 1) / PAGE) };
      for (let page = seen.first; page <= seen.last; page += 1) load(page);
      load(seen.last + 1);
      load(seen.first - 1);
    },
    total: () => total,
    failure: () => failure,
    capped: () => capped,
  };
}
