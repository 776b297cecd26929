/**
 * What is worked out once per document. It is kept with the document and dies with it: entries of a WeakMap survive every young
 * collection, and while somebody types a document dies with each keystroke.
 */

/** Any document: it carries the memory of what was worked out about it. */
interface Remembering {
  readonly memory: unknown[];
}

/** Each function has a place of its own in every memory. */
let places = 0;

/** The function, computed once for each document. */
export function perDocumentOf<D extends Remembering>() {
  return <T extends object>(compute: (document: D) => T): ((document: D) => T) => {
    const place = places++;
    return (document) => {
      const known = document.memory[place];
      // What lies there was made by this function: its type is the function's.
      if (known !== undefined) return known as T;
      const made = compute(document);
      document.memory[place] = made;
      return made;
    };
  };
}
