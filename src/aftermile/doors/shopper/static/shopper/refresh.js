/* Looks once a minute whether the page has changed, while somebody looks at it. Everything works without. */
(() => {
  const root = document.body;
  let busy = false;
  const look = async () => {
    if (busy || document.hidden || !navigator.onLine) return;
    busy = true;
    try {
      const answer = await fetch(location.href, { headers: { "If-None-Match": root.dataset.version }, cache: "no-store" });
      if (answer.status === 200) swap(new DOMParser().parseFromString(await answer.text(), "text/html"));
    } catch { /* the next minute may be better */ } finally { busy = false; }
  };
  const swap = (next) => {
    const main = document.querySelector("main"), fresh = next.querySelector("main");
    if (!main || !fresh || !next.body.dataset.version) return;
    for (const each of fresh.querySelectorAll("details")) {
      const before = document.getElementById(each.id);
      if (before) each.open = before.open;
    }
    const focused = document.activeElement, place = [...main.querySelectorAll("a,summary")].indexOf(focused);
    const said = (page) => page.querySelector("h1").textContent;
    const news = said(next) !== said(document), top = scrollY;
    main.replaceWith(fresh);
    scrollTo(scrollX, top);
    if (place >= 0) [...fresh.querySelectorAll("a,summary")][place]?.focus({ preventScroll: true });
    document.title = next.title;
    root.dataset.version = next.body.dataset.version;
    if (news) document.getElementById("said").textContent = said(document);
  };
  setInterval(look, 60000);
  document.addEventListener("visibilitychange", look);
})();
