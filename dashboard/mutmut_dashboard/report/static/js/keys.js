"use strict";
/** Single keys, which can be switched off; they do nothing while something is typed. */
class Keys {
  /** @param {{ view: () => any, help: () => void, goAnywhere: () => void, decide: (choice: Choice) => void, undo: () => void, name: () => string }} page */
  constructor(page) {
    this.page = page;
    /** Whether `g` was pressed and a view's letter follows. */
    this.going = false;
    /** @type {Record<string, (event: KeyboardEvent) => void>} */
    this.actions = {
      j: () => page.view()?.step?.(1),
      k: () => page.view()?.step?.(-1),
      x: () => page.view()?.toggleFold?.(),
      "[": () => page.view()?.otherFile?.(-1),
      "]": () => page.view()?.otherFile?.(1),
      "/": () => this.search(),
      "?": () => page.help(),
      p: () => page.goAnywhere(),
      u: () => page.undo(),
      r: () => this.judgeAgain("r"),
      f: () => this.judgeAgain("f"),
      m: () => this.judgeAgain("m"),
      Escape: () => page.view()?.close?.(),
    };
    for (const { key, choice } of DecisionBar.CHOICES) this.actions[key] = () => page.decide(choice);
    Object.keys(Keys.VIEWS).forEach((letter, at) => { this.actions[String(at + 1)] = () => Route.go(`#/${Keys.VIEWS[letter]}`); });
    document.addEventListener("keydown", (event) => this.press(event));
  }

  /** Whether single keys do anything. */
  static get on() { return Memory.get("single-keys") !== "off"; }

  /** @param {KeyboardEvent} event */
  press(event) {
    if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "k") {
      event.preventDefault();
      this.page.goAnywhere();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    const target = event.target instanceof Element ? event.target : document.body;
    if (target.closest("dialog[open]") && !(event.key === "?" && target.closest("#help"))) return;
    const typing = target.closest("input:not([type=checkbox]):not([type=radio]), textarea, select");
    if (event.key === "Escape") { this.escape(event, target); return; }
    if (typing) { if (event.key === "Enter" && target.closest("[type=search]")) this.page.view()?.step?.(1); return; }
    if (!Keys.on) return;
    if (event.key === "Enter") {
      if (!target.closest("button, summary, input, a:not(.entry > a)")) { event.preventDefault(); this.page.view()?.enter?.(); }
      return;
    }
    const { going } = this;
    this.going = !going && event.key === "g";
    const action = going ? this.goTo(event.key) : this.actions[event.key];
    if (!action) return;
    event.preventDefault();
    action(event);
  }

  /** @param {string} key */
  judgeAgain(key) {
    const view = this.page.view();
    (view?.mutant ?? view)?.again?.press(key);
  }

  /** @param {string} letter */
  goTo(letter) {
    const view = letter === "c" ? "costs" : Keys.VIEWS[letter];
    return view ? () => Route.go(`#/${view}`) : undefined;
  }

  /** @param {KeyboardEvent} event @param {Element} target */
  escape(event, target) {
    event.preventDefault();
    const typed = target.closest("[type=search]");
    this.page.view()?.close?.();
    if (typed instanceof HTMLInputElement && document.activeElement === typed) {
      if (typed.value) { typed.value = ""; typed.dispatchEvent(new Event("input", { bubbles: true })); }
      typed.blur();
    }
  }

  search() {
    const view = this.page.view();
    if (view?.find) view.find();
    else {
      // After the page's own listener, which empties the box for the new address.
      addEventListener("hashchange", () => document.getElementById("queue-search")?.focus(), { once: true });
      Route.go("#/queue");
    }
  }
}
/** Letter after `g` -> view; their order is that of the digits. @type {Record<string, string>} */
Keys.VIEWS = { o: "overview", q: "queue", s: "source", t: "tests", r: "runs", a: "about" };
