// The letter beside the fields follows what is typed. Without this script a button shows it.
(() => {
  "use strict";
  const form = document.getElementById("writing");
  const frame = document.querySelector("iframe[name=letter]");
  if (!form || !frame) return;
  form.querySelectorAll("[data-without-script]").forEach((element) => { element.hidden = true; });

  // In place of the former, so that the way back leads out of this page and not through every keystroke.
  const show = () => {
    const seen = document.getElementById("seen");
    if (!seen) return;
    const looks = new URLSearchParams();
    for (const name of ["scheme", "order"]) {
      const value = new FormData(form).get(name);
      if (value) looks.set(name, value);
    }
    looks.set("revision", seen.dataset.revision);
    const wanted = `${form.dataset.preview}?${looks}`;
    if (frame.dataset.shown === wanted) return;
    frame.dataset.shown = wanted;
    frame.contentWindow.location.replace(wanted);
  };
  document.addEventListener("htmx:afterSettle", show);
  document.addEventListener("change", (event) => { if (event.target.form === form) show(); });

  // From a problem to its line.
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-line]");
    const field = link && document.getElementById(link.dataset.field);
    if (!field) return;
    event.preventDefault();
    const lines = field.value.split("\n");
    const start = lines.slice(0, link.dataset.line - 1).reduce((length, line) => length + line.length + 1, 0);
    field.focus();
    field.setSelectionRange(start, start + (lines[link.dataset.line - 1] || "").length);
    field.scrollTop = Math.max(0, (link.dataset.line - 3) * 20);
  });
})();
