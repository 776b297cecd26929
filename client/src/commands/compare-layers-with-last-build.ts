/** Compares the image whose layers are shown with the one of the build before. */
import type { Parts } from "./command.ts";

export const compareLayersWithLastBuild = ({ layers }: Parts): Promise<void> => layers.compareWithLast();
