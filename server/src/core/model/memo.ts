/**
 * What is worked out once per document. It is kept with the document and dies with it: entries of a WeakMap survive every young
 * collection, and while somebody types a document dies with each keystroke.
 */

/** Any document: it carries the memory of what was worked out about it. */
interface Remembering {
  readonly memory: Map<object, object>;
}

/** The function, computed once for each document. */
export function perDocumentOf<D extends Remembering>() {
  return <T extends object>(compute: (document: D) => T): ((document: D) => T) =>
    (document) => {
      const known = document.memory.get(compute);
      // The key is the function that made the value: its type is the function's.
      if (known !== undefined) return known as T;
      const made = compute(document);
      document.memory.set(compute, made);
      return made;
    };
}
