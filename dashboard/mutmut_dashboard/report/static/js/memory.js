"use strict";
/** What the reader chose. On file:// a browser may refuse to keep anything; then the page just forgets. */
const Memory = (() => {
  const PREFIX = "mutmut-dashboard:";

  /** @param {string} name @returns {string | null} */
  const get = (name) => {
    try { return localStorage.getItem(PREFIX + name); } catch { return null; }
  };

  /** Whether it was kept. @param {string} name @param {string} value */
  const set = (name, value) => {
    try { localStorage.setItem(PREFIX + name, value); return true; } catch { return false; }
  };

  /** A kept JSON value, or the given one where there is none or it cannot be read.
   * @template T @param {string} name @param {T} otherwise @returns {T} */
  const getJson = (name, otherwise) => {
    try { return JSON.parse(get(name) ?? "") ?? otherwise; } catch { return otherwise; }
  };

  /** @param {string} name @param {unknown} value */
  const setJson = (name, value) => set(name, JSON.stringify(value));

  return { get, set, getJson, setJson };
})();
