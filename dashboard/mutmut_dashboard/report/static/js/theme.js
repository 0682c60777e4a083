"use strict";
/** Colours as the system has them, light or dark; set before anything is painted. */
const Theme = (() => {
  const NAMES = ["system", "light", "dark"];
  const root = document.documentElement;

  const chosen = () => {
    const name = Memory.get("theme") ?? "";
    return NAMES.includes(name) ? name : "system";
  };

  /** @param {string} name */
  const show = (name) => {
    if (name === "system") root.removeAttribute("data-theme");
    else root.setAttribute("data-theme", name);
    const button = document.querySelector("[data-action=theme]");
    if (!button) return;
    const word = button.querySelector("[data-theme-word]");
    if (word) word.textContent = name;
    button.setAttribute("aria-label", `Colours: ${name === "system" ? "as the system has them" : name}`);
  };

  const next = () => {
    const name = NAMES[(NAMES.indexOf(root.getAttribute("data-theme") ?? "system") + 1) % NAMES.length];
    Memory.set("theme", name);
    show(name);
  };

  root.classList.add("js");
  show(chosen());
  return { chosen, show, next };
})();
