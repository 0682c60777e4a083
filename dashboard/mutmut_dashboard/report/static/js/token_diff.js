"use strict";
/** Which parts of two texts differ, token by token. Pure. */
const TokenDiff = (() => {
  /** A stretch of a text, end exclusive. @typedef {[start: number, end: number]} Stretch */

  /** Beyond so many pairs of tokens the middle counts as changed as a whole. */
  const MOST = 40000;

  /** Words and numbers, blanks, operators of up to three signs, single signs. @param {string} text @returns {string[]} */
  const tokens = (text) => text.match(/[\p{L}\p{N}_]+|\s+|(?:\*\*|\/\/|<<|>>|[=!<>+\-*/%&|^@:])=?|[\s\S]/gu) ?? [];

  /** Lengths of the longest common subsequences of what follows each pair. @param {string[]} one @param {string[]} other */
  const table = (one, other) => {
    const width = other.length + 1;
    const lengths = new Uint16Array((one.length + 1) * width);
    for (let i = one.length - 1; i >= 0; i -= 1) {
      for (let j = other.length - 1; j >= 0; j -= 1) {
        lengths[i * width + j] = one[i] === other[j] ? lengths[(i + 1) * width + j + 1] + 1
          : Math.max(lengths[(i + 1) * width + j], lengths[i * width + j + 1]);
      }
    }
    return (/** @type {number} */ i, /** @type {number} */ j) => lengths[i * width + j];
  };

  /** Which tokens of each side the other does not have. @param {string[]} one @param {string[]} other @returns {[boolean[], boolean[]]} */
  const changed = (one, other) => {
    const marks = /** @type {[boolean[], boolean[]]} */ ([Array(one.length).fill(true), Array(other.length).fill(true)]);
    let start = 0;
    while (start < one.length && start < other.length && one[start] === other[start]) { marks[0][start] = false; marks[1][start] = false; start += 1; }
    let end = 0;
    while (end < one.length - start && end < other.length - start && one[one.length - 1 - end] === other[other.length - 1 - end]) {
      end += 1;
      marks[0][one.length - end] = false;
      marks[1][other.length - end] = false;
    }
    const [left, right] = [one.slice(start, one.length - end), other.slice(start, other.length - end)];
    if (!left.length || !right.length || left.length * right.length > MOST) return marks;
    const length = table(left, right);
    for (let i = 0, j = 0; i < left.length && j < right.length;) {
      if (left[i] === right[j]) { marks[0][start + i] = false; marks[1][start + j] = false; i += 1; j += 1; }
      else if (length(i + 1, j) >= length(i, j + 1)) i += 1;
      else j += 1;
    }
    return marks;
  };

  /** Marked tokens as stretches; blanks between two of them belong to them.
   * @param {string} text @param {string[]} parts @param {boolean[]} marks @returns {Stretch[]} */
  const stretches = (text, parts, marks) => {
    /** @type {Stretch[]} */
    const found = [];
    let at = 0;
    parts.forEach((part, number) => {
      const last = found.at(-1);
      if (marks[number]) {
        if (last && !text.slice(last[1], at).trim()) last[1] = at + part.length;
        else found.push([at, at + part.length]);
      }
      at += part.length;
    });
    return found;
  };

  /** Where two texts differ. Where they have next to nothing in common, they differ as a whole.
   * @param {string} one @param {string} other @returns {[Stretch[], Stretch[]]} */
  const compare = (one, other) => {
    const [left, right] = [tokens(one), tokens(other)];
    const marks = changed(left, right);
    const common = left.filter((token, at) => !marks[0][at] && token.trim()).length;
    const all = Math.max(left.filter((token) => token.trim()).length, right.filter((token) => token.trim()).length);
    if (common * 4 < all) return [one ? [[0, one.length]] : [], other ? [[0, other.length]] : []];
    return [stretches(one, left, marks[0]), stretches(other, right, marks[1])];
  };

  return { compare };
})();
