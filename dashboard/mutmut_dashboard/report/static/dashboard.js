"use strict";
// The page is complete without this file; it adds a filter, keys, colours and copying.

/** What data files handed over, by kind and key. */
const mutationStore = new Map();
function mutationData(kind, key, payload) { mutationStore.set(`${kind} ${key}`, payload); }

(() => {
  const THEMES = ["system", "light", "dark"];
  const root = document.documentElement;
  const all = (selector, inside = document) => [...inside.querySelectorAll(selector)];

  // What the reader chose. On file:// a browser may refuse to keep anything; then the page just forgets.
  const memory = {
    get(name) {
      try { return localStorage.getItem(name); } catch { return null; }
    },
    set(name, value) {
      try { localStorage.setItem(name, value); } catch { /* see above */ }
    },
  };
  const THEME_KEY = "mutmut-dashboard:theme";
  const KEYS_KEY = "mutmut-dashboard:single-keys";

  // Colours, set before anything is painted

  const theme = () => (THEMES.includes(memory.get(THEME_KEY)) ? memory.get(THEME_KEY) : "system");

  const showTheme = (name) => {
    if (name === "system") root.removeAttribute("data-theme");
    else root.setAttribute("data-theme", name);
    const button = document.querySelector("[data-action=theme]");
    if (!button) return;
    button.querySelector("[data-theme-word]").textContent = name;
    button.setAttribute("aria-label", `Colours: ${name === "system" ? "as the system has them" : name}`);
  };

  const nextTheme = () => {
    const name = THEMES[(THEMES.indexOf(root.getAttribute("data-theme") || "system") + 1) % THEMES.length];
    memory.set(THEME_KEY, name);
    showTheme(name);
  };

  // Places: a link may lead into something folded or filtered away

  const reveal = () => {
    let name = "";
    try { name = decodeURIComponent(location.hash.slice(1)); } catch { return; }
    const place = name && document.getElementById(name);
    if (!place) return;
    if (place.closest("[data-group]") && place.closest("[hidden]")) resetFilter();
    for (let at = place.parentElement; at; at = at.parentElement) if (at.tagName === "DETAILS") at.open = true;
    if (place.classList.contains("mutant")) place.focus({ preventScroll: true });
    place.scrollIntoView({ block: "start" });
  };

  const remember = (mutant) => {
    try { history.replaceState(null, "", `#${mutant.id}`); } catch { /* some viewers forbid it */ }
  };

  // The filter

  const mutants = () => all(".mutant");
  const shown = () => mutants().filter((mutant) => !mutant.closest("[hidden]"));
  const texts = new WeakMap();

  const textOf = (mutant) => {
    if (!texts.has(mutant)) {
      texts.set(mutant, `${mutant.querySelector("h5").textContent} ${mutant.querySelector(".meta").textContent}`.toLowerCase());
    }
    return texts.get(mutant);
  };

  const applyFilter = () => {
    const words = document.getElementById("filter").value.toLowerCase().split(/\s+/).filter(Boolean);
    const ticked = (name) => new Set(all(`.filters input[name=${name}]:checked`).map((box) => box.value));
    const statuses = ticked("status");
    const decisions = ticked("decision");
    let count = 0;
    const everyone = mutants();
    for (const mutant of everyone) {
      const fits = statuses.has(mutant.dataset.status) && decisions.has(mutant.dataset.decision)
        && words.every((word) => textOf(mutant).includes(word));
      mutant.hidden = !fits;
      count += fits;
    }
    // inner groups come later in the document, so they are settled first
    for (const group of all("[data-group]").reverse()) group.hidden = !group.querySelector(".mutant:not([hidden])");
    for (const entry of all("[data-outline]")) {
      entry.hidden = document.getElementById(entry.dataset.outline).parentElement.hidden;
    }
    document.getElementById("nothing-shown").hidden = count > 0;
    document.getElementById("shown").textContent = `${count} of ${everyone.length} shown`;
  };

  const resetFilter = () => {
    document.getElementById("filter").value = "";
    for (const box of all(".filters input[type=checkbox]")) box.checked = true;
    applyFilter();
  };

  // Next and previous

  const step = (by) => {
    const list = shown();
    if (!list.length) return;
    const here = list.indexOf(document.activeElement && document.activeElement.closest(".mutant"));
    const target = here < 0 ? (by > 0 ? 0 : list.length - 1) : Math.min(Math.max(here + by, 0), list.length - 1);
    list[target].focus({ preventScroll: true });
    list[target].scrollIntoView({ block: "start" });
    remember(list[target]);
  };

  // Copying

  const copy = async (button) => {
    let done = true;
    try {
      await navigator.clipboard.writeText(button.dataset.copy);
    } catch {
      const area = document.createElement("textarea");
      area.className = "sr";
      area.value = button.dataset.copy;
      button.after(area);
      area.select();
      done = document.execCommand("copy");
      area.remove();
      button.focus();
    }
    button.textContent = done ? "copied" : "could not copy";
    setTimeout(() => { button.textContent = "copy"; }, 1500);
  };

  // Keys

  const help = () => {
    const dialog = document.getElementById("help");
    if (dialog.open) dialog.close();
    else dialog.showModal();
  };

  const ACTIONS = {
    j: () => step(1),
    k: () => step(-1),
    "/": () => { const box = document.getElementById("filter"); if (box) { box.focus(); box.select(); } },
    "?": help,
  };

  const onKey = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const typing = event.target.closest && event.target.closest("input:not([type=checkbox]), textarea, select");
    if (typing) {
      if (event.key === "Escape" && event.target.id === "filter") { resetFilter(); event.target.blur(); }
      return;
    }
    if (!document.getElementById("single-keys").checked) return;
    const action = ACTIONS[event.key];
    if (!action || (document.getElementById("help").open && event.key !== "?")) return;
    event.preventDefault();
    action();
  };

  // The section the reader is in

  const watchSections = () => {
    const links = new Map(all(".top nav a").map((link) => [link.hash.slice(1), link]));
    const observer = new IntersectionObserver((entries) => {
      for (const entry of entries) {
        if (!entry.isIntersecting) continue;
        for (const link of links.values()) link.removeAttribute("aria-current");
        links.get(entry.target.id).setAttribute("aria-current", "true");
      }
    }, { rootMargin: "-25% 0px -74% 0px" });
    for (const section of all("main > section")) if (links.has(section.id)) observer.observe(section);
  };

  const start = () => {
    for (const element of all("[data-needs-script]")) element.hidden = false;
    showTheme(theme());
    const keys = document.getElementById("single-keys");
    keys.checked = memory.get(KEYS_KEY) !== "off";
    keys.addEventListener("change", () => memory.set(KEYS_KEY, keys.checked ? "on" : "off"));
    if (document.querySelector(".filters")) {
      document.querySelector(".filters").addEventListener("input", applyFilter);
      document.querySelector(".filters").addEventListener("submit", (event) => event.preventDefault());
      applyFilter();
    }
    document.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (!button) return;
      if (button.dataset.action === "theme") nextTheme();
      else if (button.dataset.action === "help") help();
      else if (button.dataset.copy !== undefined) copy(button);
    });
    document.addEventListener("keydown", onKey);
    addEventListener("hashchange", reveal);
    watchSections();
    reveal();
  };

  showTheme(theme());
  document.addEventListener("DOMContentLoaded", start);
})();
