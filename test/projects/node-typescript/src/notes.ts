export interface Note {
  readonly id: number;
  readonly text: string;
}

export class Notes {
  private readonly notes: Note[] = [];

  add(text: string): Note {
    const note = { id: this.notes.length + 1, text };
    this.notes.push(note);
    return note;
  }

  all(): readonly Note[] {
    return this.notes;
  }
}
