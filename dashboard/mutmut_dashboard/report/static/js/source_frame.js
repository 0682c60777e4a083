"use strict";
/** The elements of the source view: files, code with its margin and map, and the line that is looked at. */
const SourceFrame = (() => {
  const STATUSES = [
    { letters: "s", word: "survived" }, { letters: "u", word: "uncovered" }, { letters: "k", word: "killed" },
    { letters: "t", word: "timeout" }, { letters: "-iep", word: "others" }, { letters: "~", word: "lines not run" },
  ];

  /** @param {{ status: (letters: string, on: boolean) => void, jump: (line: number) => void }} on */
  const make = (on) => {
    const fileSearch = Dom.el("input", { id: "file-search", type: "search", autocomplete: "off", spellcheck: "false", placeholder: "file", "aria-label": "Search files" });
    const onlyWeak = Dom.el("input", { id: "only-weak-files", type: "checkbox" });
    const filesShown = Dom.el("span", { class: "quiet", role: "status" });
    const files = Dom.el("ol", { class: "rows file-rows" });
    const heading = Dom.el("h2", { tabindex: -1 });
    const summary = Dom.el("p", { class: "meta" });
    const boxes = STATUSES.map(({ letters, word }) => {
      const box = Dom.el("input", { type: "checkbox", value: letters });
      box.addEventListener("change", () => on.status(letters, box.checked));
      return { box, letters, label: Dom.el("label", {}, box, letters.length > 1 || letters === "~" ? word : Dom.status(letters)) };
    });
    const jump = Dom.el("select", { id: "function-jump", onchange: () => { if (jump.value) on.jump(Number(jump.value)); } });
    const tools = Dom.el("div", { class: "source-tools" },
      Dom.el("fieldset", { class: "statuses-shown" }, Dom.el("legend", { class: "sr" }, "Mutants shown"), boxes.map(({ label }) => label)),
      Dom.el("p", {}, Dom.el("label", { for: "function-jump" }, "function "), jump));
    const code = Dom.el("ol", { class: "code-lines" });
    const scroll = Dom.el("div", { class: "code-scroll", tabindex: 0, role: "region", "aria-label": "Code" }, code);
    const map = /** @type {SVGElement} */ (Dom.svg("svg", { class: "minimap", "aria-hidden": "true", preserveAspectRatio: "none" }));
    const message = Dom.el("div", { class: "empty" });
    const back = Dom.el("a", { class: "back", href: SourceFrame.FILES }, "← Files");
    const main = Dom.el("div", { class: "pane code-pane" }, back, heading, summary, tools, Dom.el("div", { class: "code-and-map" }, scroll, map), message);
    const panel = Dom.el("div", { class: "pane line-panel", tabindex: -1, role: "region", "aria-label": "Line" });
    const side = Dom.el("div", { class: "pane side file-side" }, Dom.el("div", { class: "file-tools" }, Dom.el("p", { class: "search-line" }, fileSearch),
      Dom.el("p", {}, Dom.el("label", { for: "only-weak-files" }, onlyWeak, " with survivors only")),
      Dom.el("p", { class: "file-line" }, filesShown, Dom.el("a", { href: "#/costs" }, "costs"))), Dom.el("div", { class: "list-scroll" }, files));
    const element = Dom.el("div", { class: "panes source-panes" }, side, main, panel);

    /** @param {boolean} shown */
    const showCode = (shown) => {
      for (const part of [summary, tools, code.parentElement?.parentElement, panel]) if (part) part.hidden = !shown;
      message.hidden = shown;
    };
    /** No file is shown. @param {string} words what went wrong; empty where no file was asked for @param {Node[]} start */
    const welcome = (words, start) => {
      heading.textContent = "Source";
      showCode(false);
      Dom.fill(message, words && Dom.el("p", { role: "alert" }, words), start);
    };
    /** @param {string} path */
    const loading = (path) => {
      heading.textContent = path;
      showCode(false);
      message.textContent = "";
    };
    /** @param {Index["files"][number]} file @param {string} words @param {string} editor */
    const title = (file, words, editor) => {
      heading.textContent = file.path;
      Dom.fill(summary, words, file.changed && [" · ", Dom.el("span", { class: "changed" }, "changed since this run; this is what was judged")],
        editor && [" · ", Dom.el("a", { href: editor, rel: "noreferrer" }, "open in editor")]);
      showCode(true);
    };
    /** @param {{ name: string, line: number }[]} known */
    const functions = (known) => Dom.fill(jump, Dom.el("option", { value: "" }, "go to…"),
      known.map(({ name, line }) => Dom.el("option", { value: line }, name)));
    /** @param {Set<string>} statuses */
    const tick = (statuses) => { for (const { box, letters } of boxes) box.checked = [...letters].every((letter) => statuses.has(letter)); };

    /** One more choice of what is shown. @param {HTMLElement} label */
    const offer = (label) => tools.querySelector("fieldset")?.append(label);

    /** One more tool, on a line of its own. @param {HTMLElement} part */
    const under = (part) => tools.append(part);

    return { element, offer, under, fileSearch, onlyWeak, filesShown, files, code, scroll, map, panel, heading, welcome, loading, title, functions, tick };
  };

  /** Address of the list of files, also where one was opened before. */
  const FILES = "#/source?files=all";

  return { make, FILES };
})();
