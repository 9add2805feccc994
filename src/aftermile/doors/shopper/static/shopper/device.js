/* Lets this device show messages, and no longer. Without it, or where a browser cannot, nothing is offered. */
(() => {
  const card = document.getElementById("device");
  if (!card || !("serviceWorker" in navigator && "PushManager" in window && "Notification" in window)) return;
  const { worker, key, known, action } = card.dataset;
  const scope = new URL(".", new URL(worker, location.href)).href;
  const form = () => document.getElementById("choices");
  let isTouched = false;
  document.addEventListener("change", (event) => { isTouched ||= form().contains(event.target); });

  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));
  const digest = async (text) => {
    const made = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
    return [...new Uint8Array(made)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  };
  const held = async () => {
    const registration = await navigator.serviceWorker.getRegistration(scope);
    return registration?.scope === scope ? registration.pushManager.getSubscription() : null;
  };
  const tell = async (fields) => {
    const answer = await fetch(action, { method: "POST", body: new URLSearchParams(fields), redirect: "error" });
    if (!answer.ok) throw new Error(`answered ${answer.status}`);
  };
  const show = (state) => {
    for (const each of card.querySelectorAll("[data-state]")) each.hidden = !each.dataset.state.split(" ").includes(state);
    card.hidden = false;
  };
  /* A browser that does not reach its company waits for ever. */
  const within = (seconds, promise) => Promise.race([promise, new Promise((_, fail) => {
    setTimeout(() => fail(new Error("no answer")), seconds * 1000);
  })]);
  const running = (registration) => new Promise((done, fail) => {
    if (registration.active) return done(registration);
    const begun = registration.installing || registration.waiting;
    begun.addEventListener("statechange", () => {
      if (begun.state === "activated") done(registration);
      if (begun.state === "redundant") fail(new Error("the worker did not start"));
    });
  });
  /* What may come here is chosen above, now that there is a here. What somebody has begun to choose is left alone. */
  const renew = async () => {
    if (isTouched) return;
    const answer = await fetch(location.href, { cache: "no-store" });
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("choices");
    if (fresh && !isTouched) form().replaceWith(fresh);
  };
  const turn = {
    async on() {
      if (await Notification.requestPermission() !== "granted") return Notification.permission === "denied" ? "denied" : "off";
      const { pushManager } = await running(await navigator.serviceWorker.register(worker));
      /* One of another key, or of whoever used this browser before, would stand in the way. */
      await (await pushManager.getSubscription())?.unsubscribe();
      const made = await within(20, pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytes(key) }));
      const { endpoint, keys } = made.toJSON();
      try { await tell({ do: "on", endpoint, ...keys }); } catch (failure) { await made.unsubscribe(); throw failure; }
      return "on";
    },
    async off() {
      const made = await held();
      if (made) {
        await made.unsubscribe();
        await tell({ do: "off", endpoint: made.endpoint }).catch(() => { /* the browser's company tells the shop, too */ });
      }
      return "off";
    },
  };
  for (const button of card.querySelectorAll("[data-turns]")) button.addEventListener("click", async () => {
    const others = card.querySelectorAll("[data-turns]");
    for (const each of others) each.disabled = true;
    let state = "failed";
    try { state = await turn[button.dataset.turns](); } catch (failure) { console.warn(failure); }
    for (const each of others) each.disabled = false;
    show(state);
    card.querySelector("[data-turns]:not([hidden])")?.focus();
    if (state !== "failed" && state !== "denied") await renew().catch(() => { /* the page stays as it was */ });
  });
  (async () => {
    const made = await held().catch(() => null);
    if (made && known.split(" ").includes(await digest(made.endpoint))) return show("on");
    show(Notification.permission === "denied" ? "denied" : "off");
  })();
})();
