/** Notes in memory, the newest first. */
export function createNotes() {
  const notes = [];
  return {
    all: () => notes,
    add(text) {
      const note = { id: notes.length + 1, text };
      notes.unshift(note);
      return note;
    },
  };
}
