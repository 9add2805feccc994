/* The preview follows what is typed. Without this script a button shows it. */
(() => {
  const form = document.getElementById("brand");
  const frame = document.querySelector("iframe[name=brand-preview]");
  if (!form || !frame) return;
  form.querySelector("[formtarget]").hidden = true;

  // Texts of the shown language alone: an address has not room for eleven.
  const address = () => {
    const told = new URLSearchParams();
    const language = form.elements.preview_language.value;
    for (const [name, value] of new FormData(form)) {
      const text = /^(?:intro|help)_(\w+)$/.exec(name);
      if (name === "csrfmiddlewaretoken" || typeof value !== "string" || (text && text[1] !== language)) continue;
      told.append(name, value);
    }
    return `${form.dataset.preview}?${told}`;
  };

  let waiting = 0;
  let shown = "";
  const show = () => {
    const wanted = address();
    if (wanted === shown) return;
    shown = wanted;
    // In place of the former, so that the way back leads out of this page and not through every keystroke.
    frame.contentWindow.location.replace(wanted);
  };
  const showSoon = () => {
    clearTimeout(waiting);
    waiting = setTimeout(show, 300);
  };

  // Some of its fields stand elsewhere on the page.
  document.addEventListener("input", (event) => { if (event.target.form === form) showSoon(); });

  document.querySelectorAll("[data-picks]").forEach((picker) => {
    const field = document.getElementById(picker.dataset.picks);
    picker.addEventListener("input", () => {
      field.value = picker.value;
      field.dispatchEvent(new Event("input", { bubbles: true }));
    });
    field.addEventListener("input", () => {
      if (/^#[0-9a-f]{6}$/i.test(field.value.trim())) picker.value = field.value.trim();
    });
  });
  document.querySelectorAll("[data-shows]").forEach((output) => {
    const field = document.getElementById(output.dataset.shows);
    field.addEventListener("input", () => { output.value = `${field.value} px`; });
  });
})();
