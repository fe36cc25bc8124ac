// Loads the scripts that nobody needs to see the page, once it has arrived.
(() => {
  for (const src of (document.currentScript.dataset.later || "").split(" ")) {
    if (src) document.head.append(Object.assign(document.createElement("script"), { src, async: false }));
  }
})();
