"use strict";
/** Elements made from data: by createElement and text nodes only, so that no text can become markup. */
const Dom = (() => {
  // What a reader cannot see or what turns the text around it; Python's `report/text.py` has the same list.
  // eslint-disable-next-line no-control-regex
  const ODD = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

  /** Odd characters as escapes that can be seen. @param {string} text */
  const visible = (text) => text.replace(ODD, (sign) => {
    const code = sign.charCodeAt(0);
    return code < 0x100 ? `\\x${code.toString(16).padStart(2, "0")}` : `\\u${code.toString(16).padStart(4, "0")}`;
  });

  /** @typedef {Node | string | number | null | undefined | false} Child */
  /** @typedef {Record<string, string | number | boolean | null | undefined | ((event: any) => void)>} Attributes */

  /** @param {Node} parent @param {(Child | Child[])[]} children */
  const append = (parent, children) => {
    for (const child of children.flat()) {
      if (child === null || child === undefined || child === false) continue;
      parent.appendChild(typeof child === "object" ? child : document.createTextNode(visible(String(child))));
    }
  };

  /** @param {Element} element @param {Attributes} attributes */
  const set = (element, attributes) => {
    for (const [name, value] of Object.entries(attributes)) {
      if (value === null || value === undefined || value === false) continue;
      if (typeof value === "function") element.addEventListener(name.slice(2), value);
      else element.setAttribute(name, value === true ? "" : visible(String(value)));
    }
  };

  /** An element. Attributes that are false, null or undefined are left out; `onclick` and the like are listeners.
   * @template {keyof HTMLElementTagNameMap} K
   * @param {K} tag @param {Attributes} [attributes] @param {...(Child | Child[])} children
   * @returns {HTMLElementTagNameMap[K]} */
  const el = (tag, attributes = {}, ...children) => {
    const made = document.createElement(tag);
    set(made, attributes);
    append(made, children);
    return made;
  };

  /** An SVG element. @param {string} tag @param {Attributes} [attributes] @param {...Child} children */
  const svg = (tag, attributes = {}, ...children) => {
    const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
    set(made, attributes);
    append(made, children);
    return made;
  };

  /** Milliseconds after which who types is taken to pause. */
  const PAUSE = 150;

  /** Wait until the reader may be taken to pause. @returns {Promise<void>} */
  const paused = () => new Promise((done) => { setTimeout(done, PAUSE); });

  /** Wait until what was changed is on the screen. @returns {Promise<void>} */
  const painted = () => new Promise((done) => { requestAnimationFrame(() => { setTimeout(done); }); });

  /** Replace what an element holds. @param {Element} element @param {...(Child | Child[])} children */
  const fill = (element, ...children) => {
    const fresh = document.createDocumentFragment();
    append(fresh, children);
    element.replaceChildren(fresh);
    return element;
  };

  /** Have an element say something; what it says already stays, with what the reader has selected of it. @param {Element} element @param {string} words */
  const tell = (element, words) => { if (element.textContent !== visible(words)) element.textContent = visible(words); };

  /** The element the page promises to have. @param {string} id @returns {HTMLElement} */
  const byId = (id) => {
    const found = document.getElementById(id);
    if (!found) throw new Error(`The page has no element "${id}".`);
    return found;
  };

  /** Colour, sign and word of a status, always together. @param {string} letter @param {boolean} [word] */
  const status = (letter, word = true) => {
    const known = Words.STATUS[letter] ?? Words.STATUS["."];
    return el("span", { class: `status ${known.word}` },
      el("span", { class: "sign", "aria-hidden": "true" }, known.sign),
      word ? ` ${known.word}` : el("span", { class: "sr" }, known.word));
  };

  /** A text in which some stretches stand out. @param {string} text @param {[number, number][]} stretches */
  const emphasised = (text, stretches) => {
    const parts = [];
    let at = 0;
    for (const [start, end] of stretches) {
      parts.push(text.slice(at, start), el("b", {}, text.slice(start, end)));
      at = end;
    }
    return [...parts, text.slice(at)];
  };

  /** What goes and what comes, in one line; in it the tokens that differ. @param {string} original @param {string} replacement */
  const change = (original, replacement) => {
    const [left, right] = TokenDiff.compare(original, replacement);
    return el("code", { class: "change fine" },
      original && el("del", {}, emphasised(original, left)),
      original && replacement && el("span", { class: "arrow" }, " → "),
      replacement && el("ins", {}, emphasised(replacement, right)));
  };

  /** A list of which the rest is drawn when it is asked for. @template T @param {string} css @param {T[]} items @param {number} most @param {(item: T) => Node} row */
  const longList = (css, items, most, row) => {
    const list = el("ul", { class: css }, items.slice(0, most).map(row));
    const more = items.length > most && el("button", { type: "button", onclick: () => {
      append(list, items.slice(most).map(row));
      /** @type {HTMLElement | null | undefined} */ (list.children[most]?.querySelector("a, button"))?.focus();
      if (more) more.remove();
    } }, `Show all ${Words.number(items.length)}`);
    return more ? [list, more] : [list];
  };

  /** A number to be read as one. @param {number | string} value */
  const count = (value) => el("span", { class: "number" }, typeof value === "number" ? Words.number(value) : value);

  /** A button that copies a text. @param {string} text @param {string} label what is copied */
  const copy = (text, label) => el("button", {
    type: "button", class: "copy", "data-copy": text, "aria-label": `Copy: ${label}`,
  }, "copy");

  return { PAUSE, visible, el, svg, paused, painted, fill, tell, byId, status, change, longList, count, copy };
})();
