"use strict";
/** All files, those with most undecided survivors first; what is typed narrows them, letters in order are enough. */
class FilesPane {
  /** @param {Context} context @param {{ files: HTMLElement, fileSearch: HTMLInputElement, onlyWeak: HTMLInputElement, filesShown: HTMLElement }} frame */
  constructor(context, { files: host, fileSearch: search, onlyWeak, filesShown }) {
    this.context = context;
    this.search = search;
    this.onlyWeak = onlyWeak;
    this.words = filesShown;
    onlyWeak.checked = Memory.get("only-weak-files") === "on";
    onlyWeak.addEventListener("change", () => { Memory.set("only-weak-files", onlyWeak.checked ? "on" : "off"); this.refresh(); });
    /** @type {FileNumber} */
    this.current = -1;
    /** @type {{ file: FileNumber, open: number, undetected: number }[]} */
    this.shown = [];
    this.list = new VirtualList(host, { height: FilesPane.ROW, draw: (at) => this.draw(at), role: "list" });
    search.addEventListener("input", () => this.refresh());
    search.addEventListener("keydown", (event) => this.press(event));
  }

  /** @param {FileNumber} current */
  show(current) {
    this.current = current;
    this.refresh();
    const at = this.shown.findIndex(({ file }) => file === current);
    if (at >= 0) this.list.reveal(at);
  }

  /** Enter opens the best file, an arrow leads into the list. @param {KeyboardEvent} event */
  press(event) {
    const first = this.shown[0];
    if (!first || !["Enter", "ArrowDown"].includes(event.key)) return;
    event.preventDefault();
    if (event.key === "Enter") Route.go(Route.source(this.context.index.files[first.file].path));
    else this.focus(0);
  }

  /** Place in the list of the file that has the focus, -1 where none has. */
  get focused() {
    const row = this.list.host.contains(document.activeElement) ? document.activeElement?.closest("[aria-posinset]") : null;
    return row ? Number(row.getAttribute("aria-posinset")) - 1 : -1;
  }

  /** The focus goes to the next file of the list. @param {1 | -1} by */
  step(by) {
    if (this.shown.length) this.focus(Math.min(Math.max(this.focused + by, 0), this.shown.length - 1));
  }

  /** @param {number} at */
  focus(at) {
    this.list.reveal(at);
    /** @type {HTMLElement | null | undefined} */ (this.list.row(at)?.querySelector("a"))?.focus({ preventScroll: true });
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
    const all = index.files.map((_, file) => ({ file, open: open[file], undetected: undetected[file] }))
      .filter(({ file, undetected: left }) => left || !this.onlyWeak.checked || file === this.current)
      .sort((one, other) => other.open - one.open || other.undetected - one.undetected || one.file - other.file);
    const typed = this.search.value.trim();
    this.shown = typed ? Fuzzy.best(typed, all, ({ file }) => index.files[file].path.toLowerCase()).map(({ item }) => item) : all;
    this.words.textContent = this.shown.length === index.files.length ? Words.plural(this.shown.length, "file")
      : `${Words.number(this.shown.length)} of ${Words.plural(index.files.length, "file")}`;
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
