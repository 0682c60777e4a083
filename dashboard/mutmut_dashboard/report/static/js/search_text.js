"use strict";
/** The texts in which the queue is searched. What many entries share is looked at once per word, not once per entry. Pure. */
class SearchText {
  /** @param {Facts} facts @param {MutantNumber[]} entries the queue, and maybe others behind it, of which the index has no code
   * @param {{ file: Int32Array, function: Int32Array, operator: Int32Array }} codes of each entry */
  constructor(facts, entries, codes) {
    const { index } = facts;
    const { queue, mutants } = index;
    const mutant = Int32Array.from(entries);
    this.index = index;
    this.mutant = mutant;
    this.size = mutant.length;
    this.lines = mutant.map((one) => mutants.line[one]);
    this.fileOf = codes.file;
    this.files = SearchText.lower(index.files.map((file) => file.path));
    /** Names beside each entry's number among them. */
    this.shared = [
      { names: SearchText.lower(index.functions.name), codes: codes.function },
      { names: SearchText.lower(index.operators), codes: codes.operator },
      { names: SearchText.lower(index.reasons), codes: Int32Array.from(entries, (_, place) => queue.reason[place] ?? -1) },
    ];
    /** What each entry has of its own, until all are one text. @type {string[]} */
    this.parts = [];
    /** Where each entry's part of that text ends. */
    this.ends = new Int32Array(this.size);
    /** @type {string | undefined} */
    this.whole = undefined;
    /** The entries of the words asked for last: one word more need not look for the others again. @type {Map<string, Uint8Array>} */
    this.kept = new Map();
  }

  /** @param {string[]} names */
  static lower(names) { return names.map((name) => name.toLowerCase()); }

  /** Make the text before anybody searches, while the browser has nothing else to do. @param {() => void} then */
  prepare(then) {
    if (!globalThis.requestIdleCallback || this.whole !== undefined) { then(); return; } // without, the first search makes it
    requestIdleCallback((idle) => {
      while (this.parts.length < this.size && (this.parts.length % 256 || idle.timeRemaining() > 2)) this.addPart();
      if (this.parts.length === this.size && idle.timeRemaining() > 2) this.text();
      this.prepare(then);
    });
  }

  addPart() {
    const { queue, mutants } = this.index;
    const place = this.parts.length;
    const id = mutants.id[this.mutant[place]].toLowerCase();
    const part = place < queue.mutant.length ? `${queue.original[place]}\n${queue.replacement[place]}\n`.toLowerCase() + id : id;
    this.parts.push(part);
    this.ends[place] = (place ? this.ends[place - 1] : 0) + part.length + 1;
  }

  /** The parts in one text, with line breaks between them, which no word has. */
  text() {
    if (this.whole === undefined) {
      while (this.parts.length < this.size) this.addPart();
      this.whole = this.parts.join("\n");
      this.parts = [];
    }
    return this.whole;
  }

  /** Ones where an entry has every word; nothing where no word is asked for. @param {string} query @returns {Uint8Array | undefined} */
  find(query) {
    const words = query.toLowerCase().split(/\s+/).filter(Boolean);
    this.kept = new Map(words.map((word) => [word, this.kept.get(word) ?? this.having(word)]));
    const [first, ...others] = this.kept.values();
    const found = first?.slice();
    for (const other of others) for (let place = 0; place < this.size; place += 1) found[place] &= other[place];
    return found;
  }

  /** @param {string} word */
  having(word) {
    const found = new Uint8Array(this.size);
    for (const { names, codes } of this.shared) SearchText.mark(found, codes, names.map((name) => name.includes(word)));
    SearchText.mark(found, this.fileOf, this.files.map((path) => path.includes(word)));
    this.markLines(found, word);
    this.markOwn(found, word);
    return found;
  }

  /** @param {Uint8Array} found @param {Int32Array} codes @param {boolean[]} which */
  static mark(found, codes, which) {
    if (!which.includes(true)) return;
    const marks = Uint8Array.from(which, Number);
    for (let place = 0; place < found.length; place += 1) found[place] |= marks[codes[place]];
  }

  /** Of `file:line` what is not in the file alone: a number, or the end of a path, a colon and the start of a number.
   * @param {Uint8Array} found @param {string} word */
  markLines(found, word) {
    const [, head, digits] = /^(?:(.*):)?(-?\d*)$/s.exec(word) ?? [];
    if (digits === undefined) return;
    const files = this.files.map((path) => head === undefined || path.endsWith(head));
    for (let place = 0; place < this.size; place += 1) {
      if (found[place] || !files[this.fileOf[place]]) continue;
      const line = String(this.lines[place]);
      found[place] = Number(head === undefined ? line.includes(digits) : line.startsWith(digits));
    }
  }

  /** @param {Uint8Array} found @param {string} word */
  markOwn(found, word) {
    const text = this.text();
    let place = 0;
    for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, this.ends[place])) {
      while (this.ends[place] <= at) place += 1;
      found[place] = 1;
    }
  }
}
