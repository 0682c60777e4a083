"use strict";
const test = require("node:test");
const assert = require("node:assert/strict");
const { load, plain } = require("./page.js");

const { PythonCode } = load();
/** The pieces of a text that have a class, as "class text". @param {string} text @param {boolean} [fresh] */
const marked = (text, fresh) => plain(PythonCode.lines(text, fresh).flat().filter((/** @type {any} */ piece) => piece.css).map((/** @type {any} */ piece) => `${piece.css} ${piece.text}`));

test("an f-string's expressions are code, its format and all else of it a string", () => {
  assert.deepEqual(marked('f"a {len(x)!r:>{n + 1}} b"'), ['s f"a {', "b len", "s !r:>{", "n 1", 's }} b"']);
  assert.deepEqual(marked('f"{{no}} {x != 1}"'), ['s f"{{no}} {', "n 1", 's }"']);
  assert.deepEqual(marked('f"{d["k"]}"'), ['s f"{', 's "k"', 's }"']);
  assert.deepEqual(marked('f"{ {1: 2}[1] }"'), ['s f"{', "n 1", "n 2", "n 1", 's }"']);
  assert.deepEqual(marked('f"\\N{DASH} {1}"'), ['s f"\\N{DASH} {', "n 1", 's }"']);
  assert.deepEqual(marked('"{1}"'), ['s "{1}"']);
});

test("a string ends at its quote, at the end of its line without one, or of the text", () => {
  assert.deepEqual(marked("x = 'a\\'b' or 1"), ["s 'a\\'b'", "k or", "n 1"]);
  assert.deepEqual(marked("x = 'open\nNone"), ["s 'open", "k None"]);
  assert.deepEqual(marked('x = """a\n"b" c\n"""\n1'), ['s """a', 's "b" c', 's """', "n 1"]);
  assert.deepEqual(marked('x = """open\n1'), ['s """open', "s 1"]);
  assert.deepEqual(marked("x = 'a\\\nb' + 1"), ["s 'a\\", "s b'", "n 1"]);
});

test("three quotes are a docstring where they begin a statement, and a string elsewhere", () => {
  assert.deepEqual(marked('def f():\n    """Doc."""'), ["k def", "f f", 'c """Doc."""']);
  assert.deepEqual(marked('f(\n"""a""",\n"""b""")'), ['s """a"""', 's """b"""']);
  assert.deepEqual(marked('x = \\\n"""a"""'), ['s """a"""']);
  assert.deepEqual(marked('"""XX"""', false), ['s """XX"""'], "a part of a line begins no statement");
});

test("words are keywords only where they are", () => {
  assert.deepEqual(marked("match x:\n    case [1, *_]:\n        pass"), ["k match", "k case", "n 1", "k pass"]);
  assert.deepEqual(marked("match = 1\ncase.x()\nre.match(x)\nf(match)"), ["n 1"]);
  assert.deepEqual(marked("type X = int\ntype(x)"), ["k type", "b int", "b type"]);
  assert.deepEqual(marked("x.print, x.is_, print"), ["b print"]);
  assert.deepEqual(marked("@cache\ndef type(x): a @ b\nx @y"), ["d @cache", "k def", "f type"]);
});

test("f-strings within each other without end take neither time nor room", () => {
  const text = "f'{".repeat(5000);
  assert.equal(plain(PythonCode.lines(text)).flat().map((/** @type {any} */ piece) => piece.text).join(""), text);
  const nested = `f'{x:${"{".repeat(20000)}`;
  assert.equal(plain(PythonCode.lines(nested)).flat().map((/** @type {any} */ piece) => piece.text).join(""), nested);
});
