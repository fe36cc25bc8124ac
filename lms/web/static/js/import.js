// A list that is being read shows how far it is, without the page being loaded again and again.
(() => {
  const look = async () => {
    const busy = document.getElementById("import-busy");
    if (!document.hidden) {
      try {
        const answer = await fetch(location.href);
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        const now = page.getElementById("import-busy");
        if (answer.ok && !now) { location.reload(); return; }
        if (now && now.innerHTML !== busy.innerHTML) busy.replaceChildren(...now.childNodes);
      } catch { /* no network for a moment: the next look tells */ }
    }
    setTimeout(look, 1500);
  };
  setTimeout(look, 1000);
})();
