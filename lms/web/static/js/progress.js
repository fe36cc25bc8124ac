// A page of work that a job does shows how far it is, without being loaded again and again.
(() => {
  const look = async () => {
    const busy = document.getElementById("busy");
    if (!document.hidden) {
      try {
        const answer = await fetch(location.href);
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        const now = page.getElementById("busy");
        if (answer.ok && !now) { location.reload(); return; }
        if (now && now.innerHTML !== busy.innerHTML) {
          busy.textContent = "";
          busy.append(...now.childNodes);
        }
      } catch { /* no network for a moment: the next look tells */ }
    }
    setTimeout(look, 1500);
  };
  setTimeout(look, 1000);
})();
