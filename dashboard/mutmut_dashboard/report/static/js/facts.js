"use strict";
/** The index made easy to ask: which file, target, function and queue place a mutant has. */
class Facts {
  /** @param {Index} index */
  constructor(index) {
    this.index = index;
    this.count = index.mutants.id.length;
    /** Mutant -> place in the queue, -1 outside it. */
    this.placeOf = new Int32Array(this.count).fill(-1);
    index.queue.mutant.forEach((mutant, place) => { this.placeOf[mutant] = place; });
    /** Place in the queue -> place of the one in whose shadow it stands. @type {Map<number, number>} */
    this.shadowOf = new Map(index.shadows.place.map((place, at) => [place, index.shadows.of[at]]));
    this.lineKeys = this.numberLines();
    this.foldKeys = this.lineKeys.slice();
    for (const [inner, outer] of this.shadowOf) this.foldKeys[index.queue.mutant[inner]] = this.lineKeys[index.queue.mutant[outer]];
    /** Mutants on lines changed since the revision that the page was made for. */
    this.changed = new Set(index.since?.mutants);
    /** Mutants that had another status in an earlier run. */
    this.varied = new Set(index.varied);
    /** @type {Map<string, MutantNumber> | undefined} */
    this.byKey = undefined;
    /** @type {Map<string, FileNumber>} */
    this.fileByPath = new Map();
    index.files.forEach((file, number) => {
      if (!this.fileByPath.has(file.path)) this.fileByPath.set(file.path, number);
    });
  }

  /** @param {MutantNumber} mutant @returns {FileNumber} */
  fileOf(mutant) { return this.index.functions.file[this.index.mutants.function[mutant]]; }

  /** @param {MutantNumber} mutant */
  file(mutant) { return this.index.files[this.fileOf(mutant)]; }

  /** @param {MutantNumber} mutant */
  target(mutant) { return this.index.targets[this.file(mutant).target].name; }

  /** @param {MutantNumber} mutant */
  functionName(mutant) { return this.index.functions.name[this.index.mutants.function[mutant]]; }

  /** @param {MutantNumber} mutant */
  status(mutant) { return /** @type {StatusLetter} */ (this.index.mutants.status[mutant]); }

  /** @param {MutantNumber} mutant */
  line(mutant) { return this.index.mutants.line[mutant]; }

  /** @param {MutantNumber} mutant */
  operator(mutant) { return this.index.operators[this.index.mutants.operator[mutant]]; }

  /** `file:line` @param {MutantNumber} mutant */
  place(mutant) { return `${this.file(mutant).path}:${this.line(mutant)}`; }

  /** One small number per line of a file, quicker to compare than its name. @param {MutantNumber} mutant */
  lineKey(mutant) { return this.lineKeys[mutant]; }

  /** Mutants stand in the order of files and lines, so those of one line follow each other. */
  numberLines() {
    const keys = new Int32Array(this.count);
    for (let mutant = 1; mutant < this.count; mutant += 1) {
      const same = this.line(mutant) === this.line(mutant - 1) && this.fileOf(mutant) === this.fileOf(mutant - 1);
      keys[mutant] = keys[mutant - 1] + Number(!same);
    }
    return keys;
  }

  /** The mutant in whose shadow one stands. @param {MutantNumber} mutant @returns {MutantNumber | undefined} */
  shadow(mutant) {
    const place = this.shadowOf.get(this.placeOf[mutant]);
    return place === undefined ? undefined : this.index.queue.mutant[place];
  }

  /** The mutants in the shadow of one, best first. @param {MutantNumber} mutant @returns {MutantNumber[]} */
  shadowed(mutant) {
    const place = this.placeOf[mutant];
    const { shadows, queue } = this.index;
    return shadows.place.filter((_, at) => shadows.of[at] === place).sort((one, other) => one - other).map((inner) => queue.mutant[inner]);
  }

  /** The line under which a mutant is folded: that of the one in whose shadow it stands, else its own. @param {MutantNumber} mutant */
  foldKey(mutant) { return this.foldKeys[mutant]; }

  /** `target/id`, by which a mutant is named in addresses and drafts. @param {MutantNumber} mutant */
  key(mutant) { return `${this.target(mutant)}/${this.index.mutants.id[mutant]}`; }

  /** The mutant of a key. @param {string} key @returns {MutantNumber | undefined} */
  find(key) {
    if (!this.byKey) {
      this.byKey = new Map();
      for (let mutant = 0; mutant < this.count; mutant += 1) this.byKey.set(this.key(mutant), mutant);
    }
    return this.byKey.get(key);
  }

  /** Mutants on one line of a file, in their order. @param {FileNumber} file @param {number} line @returns {MutantNumber[]} */
  onLine(file, line) {
    const { first, count } = this.index.files[file];
    const lines = this.index.mutants.line;
    let low = first;
    let high = first + count;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (lines[middle] < line) low = middle + 1;
      else high = middle;
    }
    const found = [];
    for (let at = low; at < first + count && lines[at] === line; at += 1) found.push(at);
    return found;
  }

  /** Where a mutant is read: in the queue if it stands there. @param {MutantNumber} mutant */
  address(mutant) {
    return Route.format("mutant", [this.target(mutant), this.index.mutants.id[mutant]]);
  }
}
