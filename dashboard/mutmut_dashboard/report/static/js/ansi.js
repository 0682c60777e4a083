"use strict";
/** Texts that were written for a terminal: their colours as classes that both themes can show, all else of their escapes dropped. */
const Ansi = (() => {
  /** What SGR has set. `colour` is one of eight, -1 for none. @typedef {{ colour: number, bold: boolean, italic: boolean, underline: boolean }} Style */

  const COLOURS = ["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"];
  /** @type {Style} */
  const PLAIN = { colour: -1, bold: false, italic: false, underline: false };

  // ECMA-48: control sequences (also cut short at the end), strings up to their terminator, and other two-letter escapes.
  // eslint-disable-next-line no-control-regex
  const ESCAPE = /(?:\x1b\[|\x9b)([\x30-\x3f]*)[\x20-\x2f]*([\x40-\x7e]|$|(?=…))|(?:\x1b[\]PX^_]|[\x9d\x90\x98\x9e\x9f])[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c|$)|\x1b[\x20-\x2f]*[\x30-\x7e]|\x1b$/g;

  /** The nearest of the eight colours. @param {number} red @param {number} green @param {number} blue each 0 to 255 */
  const nearest = (red, green, blue) => {
    const most = Math.max(red, green, blue);
    const on = (/** @type {number} */ value) => Number(value > most / 2 && most > 60);
    return on(red) + 2 * on(green) + 4 * on(blue);
  };

  /** One of the 256 colours as one of the eight. @param {number} code */
  const ofPalette = (code) => {
    if (code < 16) return code % 8;
    if (code > 231) return code < 244 ? 0 : 7;
    const level = (/** @type {number} */ part) => (part ? 55 + 40 * part : 0);
    const cube = code - 16;
    return nearest(level(Math.floor(cube / 36)), level(Math.floor(cube / 6) % 6), level(cube % 6));
  };

  /** Apply one SGR sequence. Backgrounds, blinking and hiding are not shown. @param {Style} style @param {string} parameters @returns {Style} */
  const apply = (style, parameters) => {
    const codes = parameters.split(/[;:]/).map((text) => Number.parseInt(text, 10) || 0);
    let now = { ...style };
    for (let at = 0; at < codes.length; at += 1) {
      const code = codes[at];
      if (code === 0) now = { ...PLAIN };
      else if (code === 1) now.bold = true;
      else if (code === 3) now.italic = true;
      else if (code === 4) now.underline = true;
      else if (code === 22) now.bold = false;
      else if (code === 23) now.italic = false;
      else if (code === 24) now.underline = false;
      else if (code === 39) now.colour = -1;
      else if ((code >= 30 && code <= 37) || (code >= 90 && code <= 97)) now.colour = code % 10;
      else if (code === 38 || code === 48) {
        const simple = codes[at + 1] === 5;
        const colour = simple ? ofPalette(codes[at + 2] ?? 0) : nearest(codes[at + 2] ?? 0, codes[at + 3] ?? 0, codes[at + 4] ?? 0);
        if (code === 38) now.colour = colour;
        at += simple ? 2 : 4;
      }
    }
    return now;
  };

  /** @param {Style} style */
  const classes = ({ colour, bold, italic, underline }) =>
    [colour >= 0 && `ansi-${COLOURS[colour]}`, bold && "ansi-bold", italic && "ansi-italic", underline && "ansi-underline"].filter(Boolean).join(" ");

  /** A text as stretches of one style each, without any escape. @param {string} text @returns {{ css: string, text: string }[]} */
  const parts = (text) => {
    /** @type {{ css: string, text: string }[]} */
    const found = [];
    let style = PLAIN;
    let from = 0;
    const add = (/** @type {string} */ piece) => { if (piece) found.push({ css: classes(style), text: piece }); };
    for (const escape of text.matchAll(ESCAPE)) {
      add(text.slice(from, escape.index));
      if (escape[2] === "m" && /^[\d;:]*$/.test(escape[1])) style = apply(style, escape[1]);
      from = escape.index + escape[0].length;
    }
    add(text.slice(from));
    return found;
  };

  /** @param {string} text @returns {(Node | string)[]} */
  const draw = (text) => parts(text).map((part) => (part.css ? Dom.el("span", { class: part.css }, part.text) : part.text));

  /** @param {string} text */
  const strip = (text) => parts(text).map((part) => part.text).join("");

  return { parts, draw, strip };
})();
