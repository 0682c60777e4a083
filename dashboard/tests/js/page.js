"use strict";
// The page's scripts without a browser: all of them in one context, as in the page, beside what they need of a document.
const fs = require("node:fs");
const path = require("node:path");
const vm = require("node:vm");

const FOLDER = path.join(__dirname, "../../mutmut_dashboard/report/static/js");

/** A fresh page: its names by which the scripts know each other, and its browser's memory.
 * @param {Record<string, string>} [kept] what the memory holds already */
exports.load = (kept = {}) => {
  const memory = new Map(Object.entries(kept));
  const element = { classList: { add() {} }, removeAttribute() {}, setAttribute() {}, getAttribute: () => null };
  const context = vm.createContext({
    console,
    setTimeout,
    clearTimeout,
    addEventListener() {},
    localStorage: {
      getItem: (/** @type {string} */ name) => memory.get(name) ?? null,
      setItem: (/** @type {string} */ name, /** @type {string} */ value) => { memory.set(name, value); },
    },
    document: { documentElement: element, querySelector: () => null, getElementById: () => null, addEventListener() {} },
  });
  const names = fs.readdirSync(FOLDER).filter((name) => name.endsWith(".js")).sort();
  const text = names.map((name) => fs.readFileSync(path.join(FOLDER, name), "utf8")).join("");
  const made = [...text.matchAll(/^(?:const|class) (\w+)/gm)].map((found) => found[1]);
  const page = vm.runInContext(`${text}\n;({ ${made.join(", ")} });`, context, { filename: "page" });
  return { ...page, memory };
};

/** A value as plain JSON, since what comes from another context has other prototypes. @param {unknown} value */
exports.plain = (value) => JSON.parse(JSON.stringify(value));
