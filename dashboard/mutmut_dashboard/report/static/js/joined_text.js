"use strict";
/** Many texts in one, so that a word is looked for once in all of them. Pure. */
class JoinedText {
  /** @param {string[]} parts none of which a word reaches over, since no word has a line break */
  constructor(parts) {
    this.text = parts.join("\n");
    /** Where each part ends, and the next begins. */
    this.ends = new Int32Array(parts.length);
    let end = 0;
    for (let at = 0; at < parts.length; at += 1) this.ends[at] = end += parts[at].length + 1;
  }

  /** Mark the parts that have a word. @param {Uint8Array} found @param {string} word */
  mark(found, word) {
    const { text, ends } = this;
    let part = 0;
    for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, ends[part])) {
      while (ends[part] <= at) part += 1;
      found[part] = 1;
    }
  }

  /** Ones where a part has a word; nothing where none has. @param {string} word @returns {Uint8Array | undefined} */
  having(word) {
    if (!this.text.includes(word)) return undefined;
    const found = new Uint8Array(this.ends.length);
    this.mark(found, word);
    return found;
  }
}
