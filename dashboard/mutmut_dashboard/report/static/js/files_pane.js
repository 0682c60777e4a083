"use strict";
/** All files, those with most undecided survivors first, narrowed by what is typed. */
class FilesPane {
  /** @param {Context} context @param {HTMLElement} host @param {HTMLInputElement} search */
  constructor(context, host, search) {
    this.context = context;
    this.search = search;
    /** @type {FileNumber} */
    this.current = -1;
    /** @type {{ file: FileNumber, open: number, undetected: number }[]} */
    this.shown = [];
    this.list = new VirtualList(host, { height: FilesPane.ROW, draw: (at) => this.draw(at), role: "list" });
    search.addEventListener("input", () => this.refresh());
  }

  /** @param {FileNumber} current */
  show(current) {
    this.current = current;
    this.refresh();
    const at = this.shown.findIndex(({ file }) => file === current);
    if (at >= 0) this.list.reveal(at);
  }

  refresh() {
    const { index, facts } = this.context;
    const open = new Int32Array(index.files.length);
    const undetected = new Int32Array(index.files.length);
    for (const mutant of index.queue.mutant) {
      const file = facts.fileOf(mutant);
      undetected[file] += 1;
      if (this.context.choice(mutant) === "open") open[file] += 1;
    }
    const words = this.search.value.toLowerCase().split(/\s+/).filter(Boolean);
    this.shown = index.files.flatMap(({ path }, file) => (words.every((word) => path.toLowerCase().includes(word))
      ? [{ file, open: open[file], undetected: undetected[file] }] : []));
    this.shown.sort((one, other) => other.open - one.open || other.undetected - one.undetected || one.file - other.file);
    this.list.show(this.shown.length);
  }

  /** @param {number} at */
  draw(at) {
    const { file, open, undetected } = this.shown[at];
    const { path, count } = this.context.index.files[file];
    const words = open ? `${Words.number(open)} undecided` : undetected ? "all decided" : "none undetected";
    return Dom.el("li", { class: `entry${file === this.current ? " selected" : ""}` },
      Dom.el("a", { href: Route.source(path), "aria-current": file === this.current ? "true" : null, title: path },
        Dom.el("span", { class: "first-line" }, Words.shortPath(path)),
        Dom.el("span", { class: "second-line" }, Dom.el("span", { class: open ? "badge todo" : "" }, words), ` · ${Words.plural(count, "mutant")}`)));
  }
}
FilesPane.ROW = 48;
