"use strict";
/** Copying, also where the browser's clipboard is out of reach, as on file:// in some. */
const Copying = (() => {
  /** @param {string} text @param {HTMLElement} beside */
  const selected = (text, beside) => {
    const area = Dom.el("textarea", { class: "sr", "aria-hidden": "true", tabindex: -1 });
    area.value = text;
    beside.after(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    beside.focus();
    return done;
  };

  /** @param {HTMLElement} button */
  const copy = async (button) => {
    const text = button.dataset.copy ?? "";
    let done = true;
    try { await navigator.clipboard.writeText(text); } catch { done = selected(text, button); }
    const label = button.dataset.label ?? button.textContent ?? "copy";
    button.dataset.label = label;
    button.textContent = done ? "copied" : "could not copy";
    Announce.polite(button.textContent);
    setTimeout(() => { button.textContent = label; }, 1500);
  };

  return { copy };
})();
