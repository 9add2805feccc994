// What is being written and not kept is not left behind by mistake.
(() => {
  "use strict";
  let changed = false;
  const guarded = (element) => element && element.closest && element.closest("form[data-guarded]");
  document.addEventListener("input", (event) => { if (guarded(event.target)) changed = true; });
  document.addEventListener("htmx:beforeRequest", (event) => { if (guarded(event.detail.elt) && event.detail.requestConfig.verb === "post") changed = true; });
  // Kept: the page that comes next is asked for by the answer.
  document.addEventListener("htmx:beforeOnLoad", (event) => { if (event.detail.xhr.getResponseHeader("HX-Redirect")) changed = false; });
  document.addEventListener("submit", (event) => { if (guarded(event.target)) changed = false; });
  window.addEventListener("beforeunload", (event) => { if (changed) event.preventDefault(); });
})();
