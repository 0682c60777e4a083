"use strict";
/** A long list that draws only the rows that are seen, each of the same height. It scrolls with whatever scrolls around it. */
class VirtualList {
  /** @param {HTMLElement} host a list element
   * @param {{ height: number, draw: (at: number) => HTMLElement, role?: string }} how `draw` makes one row */
  constructor(host, { height, draw, role }) {
    this.host = host;
    this.height = height;
    this.draw = draw;
    this.count = 0;
    /** A row that stays drawn even out of sight, since it holds the focus. */
    this.anchored = -1;
    /** @type {Map<number, HTMLElement>} */
    this.drawn = new Map();
    this.whole = false;
    this.frame = 0;
    /** Whether only what is in sight is drawn yet. */
    this.fresh = false;
    this.rest = 0;
    this.left = Dom.el("p", { class: "quiet paper-only" });
    host.classList.add("virtual");
    if (role) host.setAttribute("role", role);
    const update = () => this.later();
    // scrolling does not bubble, but it can be captured: one listener serves the window and every pane
    document.addEventListener("scroll", update, { capture: true, passive: true });
    addEventListener("resize", update);
    Printing.watch((on) => { this.whole = on; this.update(); });
  }

  /** Show so many rows, drawn anew, with one of them in sight. @param {number} count @param {number} [at] */
  show(count, at = -1) {
    this.clear();
    this.count = count;
    this.host.style.height = `${count * this.height}px`;
    this.host.hidden = !count; // a list without an entry is none
    // What is in sight first, what is around it when the reader pauses: who types waits for the one only.
    this.fresh = true;
    clearTimeout(this.rest);
    if (at >= 0) this.reveal(at);
    else this.update();
    this.rest = Number(setTimeout(() => { this.fresh = false; this.update(); }, Dom.PAUSE));
  }

  /** Take away what is drawn. */
  clear() {
    this.host.replaceChildren();
    this.drawn.clear();
    this.count = 0;
    this.anchored = -1;
  }

  /** Draw rows again whose content has changed. @param {(at: number) => boolean} [which] */
  refresh(which = () => true) {
    for (const [at, row] of this.drawn) {
      if (!which(at)) continue;
      const inside = [...row.querySelectorAll("a, button")];
      const focused = inside.findIndex((one) => one === document.activeElement);
      const fresh = this.place(at);
      row.replaceWith(fresh);
      this.drawn.set(at, fresh);
      if (focused < 0) continue;
      const [first, ...others] = /** @type {NodeListOf<HTMLElement>} */ (fresh.querySelectorAll("a, button"));
      (others[focused - 1] ?? first)?.focus({ preventScroll: true });
    }
  }

  later() {
    if (this.frame || !this.host.isConnected) return;
    this.frame = requestAnimationFrame(() => { this.frame = 0; this.update(); });
  }

  /** The nearest element around that scrolls, or nothing where the window does. @returns {HTMLElement | undefined} */
  get scroller() {
    for (let at = this.host.parentElement; at && at !== document.body; at = at.parentElement) {
      const flow = getComputedStyle(at).overflowY;
      if (flow === "auto" || flow === "scroll") return at;
    }
    return undefined;
  }

  /** First and last row in sight, with some around them. @returns {[number, number]} */
  get range() {
    if (this.whole) return [0, Math.min(this.count, VirtualList.MOST_PRINTED) - 1];
    const scroller = this.scroller;
    const box = scroller?.getBoundingClientRect();
    const top = box ? box.top : 0;
    const height = scroller ? scroller.clientHeight : innerHeight;
    const from = top - this.host.getBoundingClientRect().top;
    const around = this.fresh ? 0 : VirtualList.AROUND;
    const first = Math.floor(from / this.height) - around;
    return [Math.max(0, first), Math.min(this.count - 1, Math.ceil((from + height) / this.height) + around)];
  }

  update() {
    if (!this.host.isConnected || (this.host.offsetParent === null && !this.whole)) return;
    const [first, last] = this.range;
    for (const [at, row] of this.drawn) {
      if ((at < first || at > last) && at !== this.anchored) { row.remove(); this.drawn.delete(at); }
    }
    const fresh = document.createDocumentFragment();
    for (let at = first; at <= last; at += 1) this.ensure(at, fresh);
    if (this.anchored >= 0 && this.anchored < this.count) this.ensure(this.anchored, fresh);
    this.host.append(fresh);
    this.inOrder();
    this.tellLeft();
  }

  /** Say on paper how many rows are not on it. */
  tellLeft() {
    const left = this.whole ? this.count - VirtualList.MOST_PRINTED : 0;
    this.left.textContent = left > 0 ? `${Words.plural(left, "more row")} not printed: filter the list to print them.` : "";
    if (left > 0) this.host.after(this.left);
    else this.left.remove();
  }

  /** Rows stand in the document in their order, which is that of the Tab key and of reading aloud. */
  inOrder() {
    /** @type {HTMLElement | null} */
    let before = null;
    for (const at of [...this.drawn.keys()].sort((one, other) => one - other)) {
      const row = /** @type {HTMLElement} */ (this.drawn.get(at));
      const next = /** @type {ChildNode | null} */ (before ? before.nextSibling : this.host.firstChild);
      if (row !== next) this.host.insertBefore(row, next);
      before = row;
    }
  }

  /** @param {number} at @param {ParentNode} into */
  ensure(at, into) {
    if (this.drawn.has(at)) return;
    const row = this.place(at);
    this.drawn.set(at, row);
    into.append(row);
  }

  /** @param {number} at */
  place(at) {
    const row = this.draw(at);
    row.style.top = `${at * this.height}px`;
    row.style.height = `${this.height}px`;
    if (this.host.getAttribute("role") === "rowgroup") row.setAttribute("aria-rowindex", String(at + 2)); // the heads are the first
    else {
      row.setAttribute("aria-setsize", String(this.count));
      row.setAttribute("aria-posinset", String(at + 1));
    }
    return row;
  }

  /** Bring a row into sight, no further than needed. @param {number} at @param {boolean} [centre] */
  reveal(at, centre = false) {
    this.anchored = at;
    const scroller = this.scroller;
    const box = scroller?.getBoundingClientRect();
    const bar = scroller ? 0 : VirtualList.barHeight();
    const top = (box ? box.top : 0) + bar;
    const height = (scroller ? scroller.clientHeight : innerHeight) - bar;
    const row = this.host.getBoundingClientRect().top + at * this.height;
    let by = 0;
    if (centre) by = row - top - (height - this.height) / 2;
    else if (row < top) by = row - top;
    else if (row + this.height > top + height) by = row + this.height - top - height;
    if (by) (scroller ?? window).scrollBy({ top: by, behavior: "instant" });
    this.update();
  }

  /** Height of what sticks to the top of the window. */
  static barHeight() {
    const bar = document.querySelector(".top");
    return bar && getComputedStyle(bar).position === "sticky" ? bar.getBoundingClientRect().height : 0;
  }

  /** The row's element, drawn if need be. @param {number} at */
  row(at) { return this.drawn.get(at); }
}
/** Rows drawn on either side of what is in sight. */
VirtualList.AROUND = 8;
/** More rows than this are not printed: some hundred pages. */
VirtualList.MOST_PRINTED = 5000;
