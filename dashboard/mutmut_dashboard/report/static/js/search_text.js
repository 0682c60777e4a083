"use strict";
/** The texts in which the queue is searched. What many entries share is looked at once per word, not once per entry. Pure. */
class SearchText {
  /** @param {Facts} facts @param {MutantNumber[]} entries the queue, and maybe others behind it, of which the index has no code
   * @param {{ file: Int32Array, function: Int32Array, operator: Int32Array }} codes of each entry @param {NamesToSearch} [names] */
  constructor(facts, entries, codes, names = SearchText.namesOf(facts.index)) {
    const { index } = facts;
    const { queue, mutants } = index;
    const mutant = Int32Array.from(entries);
    this.index = index;
    this.mutant = mutant;
    this.size = mutant.length;
    this.lines = mutant.map((one) => mutants.line[one]);
    this.names = names;
    /** The number of each entry's name among them; only the queue has reasons. */
    this.codes = { ...codes, reason: Int32Array.from(queue.reason) };
    /** What each entry has of its own, until all are one text. @type {string[]} */
    this.parts = [];
    /** @type {JoinedText | undefined} */
    this.whole = undefined;
    /** The entries of the words asked for last: one word more need not look for the others again. @type {Map<string, Uint8Array>} */
    this.kept = new Map();
  }

  /** What entries share, for every list of them. @param {Index} index @returns {NamesToSearch} */
  static namesOf(index) {
    const paths = SearchText.lower(index.files.map((file) => file.path));
    return {
      paths,
      file: new JoinedText(paths),
      function: new JoinedText(SearchText.lower(index.functions.name)),
      operator: new JoinedText(SearchText.lower(index.operators)),
      reason: new JoinedText(SearchText.lower(index.reasons)),
    };
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
  }

  /** The parts in one text. */
  text() {
    if (this.whole === undefined) {
      while (this.parts.length < this.size) this.addPart();
      this.whole = new JoinedText(this.parts);
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
    for (const kind of SearchText.SHARED) SearchText.mark(found, this.codes[kind], this.names[kind].having(word));
    this.markLines(found, word);
    this.text().mark(found, word);
    return found;
  }

  /** @param {Uint8Array} found @param {Int32Array} codes @param {Uint8Array | undefined} marks */
  static mark(found, codes, marks) {
    if (marks) for (let place = 0; place < codes.length; place += 1) found[place] |= marks[codes[place]];
  }

  /** Of `file:line` what is not in the file alone: a number, or the end of a path, a colon and the start of a number.
   * @param {Uint8Array} found @param {string} word */
  markLines(found, word) {
    const [, head, digits] = /^(?:(.*):)?(-?\d*)$/s.exec(word) ?? [];
    if (digits === undefined) return;
    const files = this.names.paths.map((path) => head === undefined || path.endsWith(head));
    for (let place = 0; place < this.size; place += 1) {
      if (found[place] || !files[this.codes.file[place]]) continue;
      const line = String(this.lines[place]);
      found[place] = Number(head === undefined ? line.includes(digits) : line.startsWith(digits));
    }
  }
}
SearchText.SHARED = /** @type {const} */ (["file", "function", "operator", "reason"]);
