/* Shows a message when one arrives, and opens what it is about. It keeps nothing and asks nobody for anything. */
self.addEventListener("push", (event) => {
  let told = {};
  try { told = event.data.json(); } catch { /* something has to be shown all the same */ }
  const shown = { body: told.body || "", data: { url: told.url || "" }, dir: "auto" };
  if (told.tag) Object.assign(shown, { tag: told.tag, renotify: true });
  event.waitUntil(self.registration.showNotification(told.title || self.location.host, shown));
});
self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const { url } = event.notification.data || {};
  if (/^https?:\/\//i.test(url)) event.waitUntil(self.clients.openWindow(url));
});
