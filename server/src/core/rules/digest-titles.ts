/** How a digest that is behind its tag is told of, in findings and in menus. */

export interface DigestMove {
  /** The image with its tag, without its digest. */
  readonly tagged: string;
  /** Digests. */
  readonly from: string;
  readonly to: string;
  /** When those images were made, ISO 8601, where that is known. */
  readonly fromCreated?: string | undefined;
  readonly toCreated?: string | undefined;
}

/** `Update node:22 from 5555555 (2026-01-02) to 6666666 (2026-11-01)` */
export const updateTitle = ({ tagged, from, to, fromCreated, toCreated }: DigestMove): string =>
  `Update ${tagged} from ${digestOfDay(from, fromCreated)} to ${digestOfDay(to, toCreated)}`;

/** `5555555 (2026-01-02)`, the day in UTC. */
export function digestOfDay(digest: string, created: string | undefined): string {
  const short = digest.slice(digest.indexOf(":") + 1).slice(0, 7);
  return created === undefined ? short : `${short} (${created.slice(0, 10)})`;
}
