"use strict";
/** Where the reader is, as the fragment of the address: `#/queue?decision=open&m=shop%2Fab12`. */
const Route = (() => {
  const VIEWS = ["overview", "queue", "mutant", "source", "tests", "runs", "about", "costs", "matrix"];

  /** @typedef {{ view: string, rest: string[], query: Record<string, string> }} Place */

  /** Read a fragment; undefined where it is no place of ours or cannot be read.
   * @param {string} hash @returns {Place | undefined} */
  const parse = (hash) => {
    const found = /^#\/([a-z]+)((?:\/[^?]*)?)(?:\?(.*))?$/s.exec(hash);
    if (!found || !VIEWS.includes(found[1])) return undefined;
    try {
      /** @type {Record<string, string>} */
      const query = Object.create(null);
      for (const pair of (found[3] ?? "").split("&")) {
        if (!pair) continue;
        const [name, ...value] = pair.split("=");
        query[decodeURIComponent(name)] = decodeURIComponent(value.join("=").replaceAll("+", " "));
      }
      const rest = found[2].split("/").slice(1).filter(Boolean).map(decodeURIComponent);
      return { view: found[1], rest, query };
    } catch { return undefined; }
  };

  /** Half of a surrogate pair alone, which no address can hold, as a question mark; Python's `routes.py` does the same. @param {string} text */
  const whole = (text) => text.replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, "?");

  /** @param {string} text */
  const part = (text) => encodeURIComponent(whole(text));

  /** Paths and sets of values stay readable. @param {string} text */
  const encode = (text) => part(text).replace(/%2F|%2C|%3A/g, (code) => decodeURIComponent(code));

  /** Names in one value, with commas between them. @param {string[]} names */
  const join = (names) => names.map((name) => name.replaceAll("%", "%25").replaceAll(",", "%2C")).join(",");

  /** @param {string} text @returns {string[]} */
  const split = (text) => text.split(",").map((name) => name.replaceAll("%2C", ",").replaceAll("%25", "%"));

  /** Write a fragment; empty values are left out.
   * @param {string} view @param {string[]} [rest] @param {Record<string, string | number | undefined>} [query] */
  const format = (view, rest = [], query = {}) => {
    const path = [view, ...rest.map(part)].join("/");
    const pairs = Object.entries(query).filter(([, value]) => value !== undefined && value !== "")
      .map(([name, value]) => `${part(name)}=${encode(String(value))}`);
    return `#/${path}${pairs.length ? `?${pairs.join("&")}` : ""}`;
  };

  /** A source file's address keeps its slashes. @param {string} path @param {number} [line] */
  const source = (path, line) =>
    `#/source/${path.split("/").map(part).join("/")}${line ? `?line=${line}` : ""}`;

  /** Where the overview explains an operator; Python's `anchors.py` makes the same. @param {string} name */
  const operator = (name) => `#operator-${name.replace(/[^A-Za-z0-9 ]/gu, (sign) => `_${sign.codePointAt(0)?.toString(16)}_`).replaceAll(" ", "-")}`;

  /** The page itself, without view and query: what stands in a query may let its reader in. @param {string} href */
  const page = (href) => href.replace(/[?#].*$/s, "");

  /** Go somewhere, as a link would. @param {string} hash */
  const go = (hash) => { location.hash = hash; };

  /** Change the address without a step in the browser's history. @param {string} hash */
  const replace = (hash) => {
    if (hash === location.hash) return;
    try { history.replaceState(history.state, "", hash); } catch { /* some viewers forbid it; only the address is out of date then */ }
  };

  let later = 0;

  /** Change it when the reader pauses, since that takes browsers milliseconds; what changes it until then stands instead. @param {string} hash */
  const replaceLater = (hash) => {
    const { hash: before } = location;
    clearTimeout(later);
    later = Number(setTimeout(() => { if (location.hash === before) replace(hash); }, Dom.PAUSE));
  };

  return { parse, format, join, split, source, operator, whole, page, go, replace, replaceLater };
})();
