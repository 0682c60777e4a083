"use strict";
/** How well typed letters fit a text: all in one piece best, else in order, the closer together the better. Pure. */
const Fuzzy = (() => {
  /** A found text: the higher the score the better; `at` are the places of the letters. @typedef {{ score: number, at: number[] }} Fit */

  /** Whether a word begins here. @param {string} text @param {number} at */
  const begins = (text, at) => at === 0 || /[^a-z0-9]/.test(text[at - 1]);

  /** Letters in one piece: the best place of all where they stand. @param {string} word @param {string} text @returns {Fit | undefined} */
  const piece = (word, text) => {
    let best = -1;
    for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
      if (best < 0) best = at;
      if (begins(text, at)) { best = at; break; }
    }
    if (best < 0) return undefined;
    const whole = best + word.length === text.length || /[^a-z0-9]/.test(text[best + word.length]);
    const score = 1000 + (begins(text, best) ? 100 : 0) + (whole ? 50 : 0) - Math.min(best, 40);
    return { score, at: Array.from(word, (_, letter) => best + letter) };
  };

  /** Letters in order. From where the last is found the first is looked for backwards, which gives a short stretch.
   * @param {string} word @param {string} text @returns {Fit | undefined} */
  const scattered = (word, text) => {
    let end = -1;
    for (const letter of word) {
      end = text.indexOf(letter, end + 1);
      if (end < 0) return undefined;
    }
    const at = [];
    for (let letter = word.length - 1, place = end; letter >= 0; letter -= 1, place -= 1) {
      place = text.lastIndexOf(word[letter], place);
      at.unshift(place);
    }
    const spread = end - at[0] + 1 - word.length;
    if (spread > 4 * word.length + 8) return undefined; // letters this far apart are there by chance
    const starts = at.filter((place) => begins(text, place)).length;
    return { score: 500 + 20 * starts - 5 * spread, at };
  };

  /** How a query fits; every word of it has to. @param {string} query in lower case @param {string} text in lower case
   * @returns {Fit | undefined} */
  const fit = (query, text) => {
    /** @type {Fit} */
    const all = { score: -text.length / 100, at: [] };
    for (const word of query.split(/\s+/)) {
      if (!word) continue;
      const found = piece(word, text) ?? scattered(word, text);
      if (!found) return undefined;
      all.score += found.score;
      all.at.push(...found.at);
    }
    return all;
  };

  /** The best of many, best first; of equals the earlier one.
   * @template T @param {string} query @param {T[]} items @param {(item: T) => string} text in lower case @returns {{ item: T, fit: Fit }[]} */
  const best = (query, items, text) => {
    const wanted = query.toLowerCase();
    return items.flatMap((item) => {
      const found = fit(wanted, text(item));
      return found ? [{ item, fit: found }] : [];
    }).sort((one, other) => other.fit.score - one.fit.score);
  };

  return { fit, best };
})();
