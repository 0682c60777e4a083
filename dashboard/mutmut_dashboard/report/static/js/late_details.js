"use strict";
/** What the index does not say of mutants: read from the data of their files, for those in sight, when the reader pauses. */
class LateDetails {
  /** @param {Context} context @param {{ inSight: () => MutantNumber[], read: (file: FileNumber) => void }} list */
  constructor(context, list) {
    this.context = context;
    this.list = list;
    /** Files that were read, or cannot be. @type {Map<FileNumber, FileChunk | undefined>} */
    this.read = new Map();
    this.timer = 0;
  }

  /** What is known of a mutant; if nothing is by now, it is read. @param {MutantNumber} mutant @returns {MutantDetail | undefined} */
  of(mutant) {
    const file = this.context.facts.fileOf(mutant);
    const chunk = this.read.get(file);
    if (chunk) return this.context.detail(chunk, mutant);
    if (!this.read.has(file)) this.later();
    return undefined;
  }

  later() {
    clearTimeout(this.timer);
    this.timer = Number(setTimeout(() => this.load(), LateDetails.PAUSE));
  }

  async load() {
    const { facts, index } = this.context;
    const files = new Set(this.list.inSight().map((mutant) => facts.fileOf(mutant)).filter((file) => !this.read.has(file)));
    await Promise.all([...files].map(async (file) => {
      this.read.set(file, await Data.file(index, file).catch(() => undefined));
      this.list.read(file);
    }));
  }
}
/** Milliseconds without a new row before anything is read. */
LateDetails.PAUSE = 100;
