"use strict";
/** Python source as classed pieces: c comments and docstrings, s strings, n numbers, k keywords, b builtins, f what is defined, d decorators. Pure. */
const PythonCode = (() => {
  /** @typedef {{ css: string, text: string }} Piece */
  /** Takes the next piece of a text. @typedef {(css: string, text: string) => void} Add */

  const KEYWORDS = new Set(`False None True and as assert async await break class continue def del elif else except finally for from
    global if import in is lambda nonlocal not or pass raise return try while with yield`.split(/\s+/));
  const BUILTINS = new Set(`NotImplemented Ellipsis __import__ abs aiter all anext any ascii bin bool breakpoint bytearray bytes callable chr
    classmethod cls compile complex delattr dict dir divmod enumerate eval exec filter float format frozenset getattr globals hasattr hash
    hex id input int isinstance issubclass iter len list locals map max memoryview min next object oct open ord pow print property range
    repr reversed round self set setattr slice sorted staticmethod str sum super tuple type vars zip`.split(/\s+/));

  const TOKEN = new RegExp([
    /(?<comment>#[^\n]*)/,
    /(?<string>[rRbBuUfFtT]{0,2}(?:"""|'''|"|'))/,
    /(?<number>(?:0[xX][\da-fA-F_]+|0[oO][0-7_]+|0[bB][01_]+|(?:\d[\d_]*(?:\.(?:\d[\d_]*)?)?|\.\d[\d_]*)(?:[eE][+\-]?\d[\d_]*)?)[jJ]?)/,
    /(?<name>[\p{ID_Start}_]\p{ID_Continue}*)/u,
    /(?<decorator>@[\p{ID_Start}_]\p{ID_Continue}*)/u,
    /(?<blank>\s+)/,
    /[^]/,
  ].map(({ source }) => source).join("|"), "uy");

  /** What follows a word that is a keyword only there: `match x:`, `case [y, z]:`, `type X = int`. @type {Record<string, RegExp>} */
  const SOFT = {
    match: /[ \t]*(?![ \t:,;=^&|@~)\]}.])[^\n]*[:([{,][ \t]*(?:#[^\n]*)?(?:\n|$)/y,
    type: /[ \t]+[\p{ID_Start}_]\p{ID_Continue}*[ \t]*[[=]/uy,
  };
  SOFT.case = SOFT.match;

  /** Beyond so many f-strings within each other braces are letters. Python itself allows fewer. */
  const DEEPEST = 200;

  /** Whether a word is a keyword here. @param {string} text @param {string} word @param {number} end where it ends @param {boolean} fresh whether a statement begins with it */
  const isKeyword = (text, word, end, fresh) => {
    if (KEYWORDS.has(word)) return true;
    const soft = fresh && Object.hasOwn(SOFT, word) && SOFT[word];
    if (!soft) return false;
    soft.lastIndex = end;
    return soft.test(text);
  };

  /** Read code up to the end, or to what ends an expression in an f-string, and return where that is.
   * @param {string} text @param {number} from @param {Add} add @param {number} deep f-strings around it @param {boolean} fresh whether a statement begins here */
  const readCode = (text, from, add, deep, fresh) => {
    let at = from;
    let brackets = 0;
    let defines = false;
    while (at < text.length) {
      TOKEN.lastIndex = at;
      const found = /** @type {RegExpExecArray & { groups: Record<string, string | undefined> }} */ (TOKEN.exec(text));
      const [token] = found;
      const { comment, string, number, name, decorator, blank } = found.groups;
      if (deep && !brackets && ("}:".includes(token) || (token === "!" && text[at + 1] !== "="))) return at;
      if (blank) {
        add("", token);
        fresh = fresh || (!brackets && token.includes("\n") && text[at - 1] !== "\\");
        at += token.length;
        continue;
      }
      if (string) {
        at = readString(text, at, string, fresh && !deep, add, deep);
      } else {
        const end = at + token.length;
        if (comment) add("c", token);
        else if (number) add("n", token);
        else if (decorator) add(fresh && !deep ? "d" : "", token);
        else if (name && defines) add("f", token);
        else if (name && isKeyword(text, name, end, fresh && !deep)) add("k", token);
        else if (name && BUILTINS.has(name) && text[at - 1] !== ".") add("b", token);
        else add("", token);
        if ("([{".includes(token)) brackets += 1;
        else if (")]}".includes(token)) brackets = Math.max(0, brackets - 1);
        at = end;
      }
      defines = name === "def" || name === "class";
      fresh = false;
    }
    return at;
  };

  /** Read a string and return where it ends; without its end quote that is the end of the line, or of the text.
   * @param {string} text @param {number} from @param {string} opening prefix and quote @param {boolean} fresh @param {Add} add @param {number} deep */
  const readString = (text, from, opening, fresh, add, deep) => {
    const quote = opening.replace(/^\p{L}+/u, "");
    const prefix = opening.slice(0, -quote.length).toLowerCase();
    const formatted = /[ft]/.test(prefix) && deep < DEEPEST;
    const css = fresh && quote.length === 3 && !formatted ? "c" : "s";
    let [at, begun] = [from + opening.length, from];
    while (at < text.length && !(quote.length === 1 && text[at] === "\n")) {
      if (text.startsWith(quote, at)) {
        at += quote.length;
        break;
      }
      if (formatted && text[at] === "{" && text[at + 1] !== "{") {
        add(css, text.slice(begun, at + 1));
        at = begun = readField(text, at + 1, quote, css, add, deep + 1);
      } else {
        at = Math.min(text.length, at + lettersAt(text, at, formatted, prefix.includes("r")));
      }
    }
    add(css, text.slice(begun, at));
    return at;
  };

  /** How many letters stand for one in a string: an escape, a brace written twice. @param {string} text @param {number} at @param {boolean} formatted @param {boolean} raw */
  const lettersAt = (text, at, formatted, raw) => {
    if (text[at] === "\\") {
      if (formatted && !raw && text.startsWith("\\N{", at)) return Math.max(3, text.indexOf("}", at) - at + 1);
      return formatted && text[at + 1] === "{" ? 1 : 2;
    }
    return formatted && text.startsWith("{{", at) ? 2 : 1;
  };

  /** Read what stands between the braces of an f-string and return where its closing brace, or what ends it else, is.
   * @param {string} text @param {number} from @param {string} quote @param {string} css @param {Add} add @param {number} deep */
  const readField = (text, from, quote, css, add, deep) => {
    let at = readCode(text, from, add, deep, false);
    let begun = at;
    while (at < text.length && text[at] !== "}" && !text.startsWith(quote, at)) {
      if (text[at] === "{" && deep < DEEPEST) { // a field within the format of a field
        add(css, text.slice(begun, at + 1));
        at = begun = readField(text, at + 1, quote, css, add, deep + 1);
      }
      at += 1;
    }
    add(css, text.slice(begun, at));
    return at;
  };

  /** The lines of a text as classed pieces, which joined are the line.
   * @param {string} text @param {boolean} [fresh] whether a statement begins with it @returns {Piece[][]} */
  const lines = (text, fresh = true) => {
    /** @type {Piece[]} */
    let line = [];
    const found = [line];
    /** @type {Add} */
    const add = (css, piece) => {
      const [first, ...more] = piece.includes("\n") ? piece.split("\n") : [piece];
      append(line, css, first);
      for (const part of more) {
        found.push(line = []);
        append(line, css, part);
      }
    };
    readCode(text, 0, add, 0, fresh);
    return found;
  };

  /** @param {Piece[]} line @param {string} css @param {string} text */
  const append = (line, css, text) => {
    const last = line[line.length - 1];
    if (last && last.css === css) last.text += text;
    else if (text) line.push({ css, text });
  };

  return { lines };
})();
