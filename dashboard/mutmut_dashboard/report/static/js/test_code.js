"use strict";
/** The code of a test as it was run, with the lines marked at which it failed. */
const TestCode = (() => {
  /** @param {string} place `file:line` @returns {{ file: string, line: number }} */
  const parse = (place) => {
    const split = place.lastIndexOf(":");
    return { file: place.slice(0, split), line: Number(place.slice(split + 1)) };
  };

  /** Lines of a test's file at which it failed. @param {string} test pytest's id @param {string[]} places @returns {Set<number>} */
  const failed = (test, places) => new Set(places.map(parse).filter(({ file }) => test.split("::")[0] === file).map(({ line }) => line));

  /** @param {CodesChunk["codes"][number]} code @param {Set<number>} marked */
  const table = (code, marked) => Dom.el("table", { class: "code test-code", "aria-label": "The test's code" },
    Dom.el("tbody", {}, PythonCode.lines(code.text).map((pieces, at) => {
      const here = marked.has(code.line + at);
      return Dom.el("tr", { class: here ? "at" : "" },
        Dom.el("td", { class: "no" }, code.line + at),
        Dom.el("td", { class: "src" }, here && Dom.el("span", { class: "sr" }, "failed here: "), Code.spans(pieces)));
    })));

  /** Scroll a frame, and nothing around it, to the first line at which the test failed. @param {HTMLElement} frame */
  const reveal = (frame) => {
    const row = frame.querySelector("tr.at");
    if (row) frame.scrollTop += row.getBoundingClientRect().top - frame.getBoundingClientRect().top - frame.clientHeight / 3;
  };

  /** A test's code in a frame that scrolls, filled when its data is there; `known` is told where it begins. Nothing where it was not recorded.
   * @param {Context} context @param {TestNumber} number @param {string} test pytest's id @param {string[]} [places] @param {(line: number) => void} [known] */
  const draw = (context, number, test, places = [], known = () => {}) => {
    const frame = Dom.el("div", { class: "scroll tall", role: "region", "aria-label": "The test's code", tabindex: 0, hidden: true });
    Data.codes(context.index).then((chunk) => {
      const code = chunk.codes[chunk.of[number]];
      if (!code) return;
      known(code.line);
      Dom.fill(frame, table(code, failed(test, places)));
      frame.hidden = false;
      reveal(frame);
    }, (error) => { Dom.fill(frame, String(error instanceof Error ? error.message : error)); frame.hidden = false; });
    return frame;
  };

  /** A place in the tests: a link where an editor is configured, else to be copied. @param {Context} context @param {string} place @returns {Node[]} */
  const link = ({ index }, place) => {
    const { file, line } = parse(place);
    const editor = Copies.editor(index.editor, index.root, file, line);
    const code = Dom.el("code", {}, place);
    return editor ? [Dom.el("a", { href: editor, rel: "noreferrer" }, code)] : [code, document.createTextNode(" "), Dom.copy(place, place)];
  };

  return { parse, failed, draw, link };
})();
