"use strict";
/** Where reading the source begins while no file is chosen: the files with undecided survivors and the functions they are in. */
const SourceStart = (() => {
  const MOST_FILES = 12;
  const MOST_FUNCTIONS = 6;

  /** @typedef {{ number: FunctionNumber, open: number, line: number }} WeakFunction `line` is that of the first in the queue */
  /** @typedef {{ file: FileNumber, open: number, functions: WeakFunction[] }} WeakFile */

  /** Files with undecided survivors, those with most first, and so their functions. @param {Context} context @returns {WeakFile[]} */
  const weak = (context) => {
    const { index, facts } = context;
    /** @type {Map<FunctionNumber, WeakFunction>} */
    const functions = new Map();
    for (const mutant of index.queue.mutant) {
      if (context.choice(mutant) !== "open") continue;
      const number = index.mutants.function[mutant];
      const known = functions.get(number) ?? { number, open: 0, line: facts.line(mutant) };
      functions.set(number, known);
      known.open += 1;
    }
    /** @type {Map<FileNumber, WeakFile>} */
    const files = new Map();
    for (const own of functions.values()) {
      const file = index.functions.file[own.number];
      const known = files.get(file) ?? { file, open: 0, functions: [] };
      files.set(file, known);
      known.open += own.open;
      known.functions.push(own);
    }
    for (const { functions: own } of files.values()) own.sort((one, other) => other.open - one.open || one.line - other.line);
    return [...files.values()].sort((one, other) => other.open - one.open || one.file - other.file);
  };

  /** @param {Context} context @param {WeakFile[]} files */
  const sentence = ({ index }, files) => {
    const open = files.reduce((sum, file) => sum + file.open, 0);
    if (open) return `${Words.plural(open, "undecided survivor")} in ${Words.number(files.length)} of ${Words.plural(index.files.length, "file")}.`;
    const undetected = index.queue.mutant.length;
    if (!index.run.complete && !undetected) return "No survivor so far, in a run that is incomplete.";
    return undetected ? `Every survivor is decided: ${Words.number(undetected)}.` : "No survivors.";
  };

  /** @param {Context} context @param {WeakFile} weakFile */
  const row = ({ index }, { file, open, functions }) => {
    const { path, count } = index.files[file];
    const rest = functions.length - MOST_FUNCTIONS;
    return Dom.el("li", {},
      Dom.el("p", { class: "file-line" }, Dom.el("a", { href: Route.source(path) }, Dom.el("code", {}, path)),
        Dom.el("span", { class: "number" }, `${Words.number(open)} of ${Words.plural(count, "mutant")}`)),
      Dom.el("ul", { class: "start-functions" }, functions.slice(0, MOST_FUNCTIONS).map(({ number, open: own, line }) => Dom.el("li", {},
        Dom.el("a", { href: Route.source(path, line) }, Dom.el("code", {}, index.functions.name[number])), " ", Dom.count(own))),
      rest > 0 && Dom.el("li", { class: "quiet" }, `and ${Words.plural(rest, "function")} more`)));
  };

  /** @param {Context} context @returns {Node[]} */
  const draw = (context) => {
    const files = weak(context);
    const rest = files.length - MOST_FILES;
    return [
      Dom.el("p", { class: "start-words" }, sentence(context, files)),
      Dom.el("ul", { class: "start-files" }, files.slice(0, MOST_FILES).map((file) => row(context, file))),
      Dom.el("p", { class: "quiet" }, rest > 0 && `${Words.plural(rest, "more file")} with undecided survivors in the list. `,
        Keys.on && [Dom.el("kbd", {}, "j"), " ", Dom.el("kbd", {}, "k"), " go through the files, ", Dom.el("kbd", {}, "Enter"), " opens one, ", Dom.el("kbd", {}, "/"), " finds one by name."]),
    ];
  };

  return { weak, draw };
})();
