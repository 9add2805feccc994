// What the console does beyond pages and forms. Everything works without it.
//   /       to the search          j k    down and up a list      Enter  open the row
//   x       choose the row         ?      the keys                Esc    close, leave the list
(() => {
  "use strict";

  const rows = () => [...document.querySelectorAll("[data-rows] > :is(tr, li)")].filter((row) => row.offsetParent);
  const isTyping = (element) => element.closest("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]");
  let at = null;

  const goTo = (row) => {
    if (at) at.classList.remove("at");
    at = row;
    if (!at) return;
    at.classList.add("at");
    at.scrollIntoView({ block: "nearest" });
    const link = at.querySelector("[data-open]") || at.querySelector("a");
    if (link) link.focus({ preventScroll: true });
  };

  const step = (by) => {
    const all = rows();
    if (!all.length) return;
    const present = all.indexOf(at);
    goTo(all[Math.min(all.length - 1, Math.max(0, present < 0 ? 0 : present + by))]);
  };

  const choose = () => {
    const box = at && at.querySelector("input[name=chosen]");
    if (box) box.click();
  };

  const acts = {
    "/": () => document.querySelector("[data-search]")?.focus(),
    j: () => step(1),
    k: () => step(-1),
    x: choose,
    "?": () => document.getElementById("keys")?.togglePopover(),
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (event.key === "Escape") {
      if (isTyping(event.target)) event.target.blur();
      goTo(null);
      return;
    }
    if (isTyping(event.target) || document.querySelector("dialog[open]")) return;
    const run = acts[event.key];
    if (run) {
      event.preventDefault();
      run();
    }
  });

  // How many are chosen, said in the bar of acts; the box in the head of a list chooses all of it. Boxes may stand
  // outside the form they belong to (attribute form).
  document.addEventListener("change", (event) => {
    const form = event.target.form;
    if (!form) return;
    const boxes = () => [...form.elements].filter((element) => element.name === "chosen" && element.type === "checkbox");
    if (event.target.matches("[data-choose-all]")) {
      const list = event.target.closest("section, table") || document;
      boxes().filter((box) => list.contains(box)).forEach((box) => { box.checked = event.target.checked; });
    }
    const count = boxes().filter((box) => box.checked).length;
    form.querySelectorAll("[data-count-chosen]").forEach((place) => { place.textContent = `${count} chosen`; });
    if (event.target.matches("[data-submits]")) form.requestSubmit();
  });

  document.addEventListener("click", (event) => {
    const close = event.target.closest("[data-dismiss]");
    if (close) close.closest("[data-dismissable]").remove();
    const copy = event.target.closest("[data-copy]");
    if (copy && navigator.clipboard) {
      const text = document.getElementById(copy.dataset.copy).textContent.trim();
      navigator.clipboard.writeText(text).then(() => { copy.querySelector("[data-said]").textContent = "Copied"; });
    }
  });

  // What needs a script says so only where there is one.
  const reveal = (root) => root.querySelectorAll("[data-needs-script]").forEach((element) => { element.hidden = false; });
  reveal(document);
  document.addEventListener("htmx:load", (event) => reveal(event.detail.elt));

  // A notice leaves by itself, unless it is bad news, has a way back that is being read, or is under the pointer.
  const leave = (toast) => setTimeout(() => {
    if (toast.matches(":hover, :focus-within")) leave(toast);
    else toast.remove();
  }, toast.querySelector("form") ? 20000 : 8000);
  const settle = (root) => root.querySelectorAll(".toast:not([data-stays])").forEach(leave);
  settle(document);
  document.addEventListener("htmx:oobAfterSwap", (event) => settle(event.detail.target));

  document.addEventListener("htmx:beforeRequest", (event) => event.detail.target.setAttribute("aria-busy", "true"));
  document.addEventListener("htmx:afterRequest", (event) => event.detail.target.removeAttribute("aria-busy"));
  document.addEventListener("htmx:afterSwap", () => { if (at && !at.isConnected) at = null; });
  const failed = () => {
    const place = document.getElementById("offline");
    if (place) place.hidden = false;
  };
  document.addEventListener("htmx:sendError", failed);
  document.addEventListener("htmx:responseError", failed);
})();
