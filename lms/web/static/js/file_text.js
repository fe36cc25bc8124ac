// Shows what a file says below it, so that a grader need not leave the page.
(() => {
  for (const link of document.querySelectorAll("a[data-read]")) {
    const words = link.innerHTML;
    let shown = null;

    link.addEventListener("click", async event => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      if (shown) {
        shown.hidden = !shown.hidden;
        link.innerHTML = shown.hidden ? words : link.dataset.close;
        return;
      }
      link.textContent = link.dataset.opening;
      try {
        const answer = await fetch(link.href, { credentials: "same-origin" });
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        shown = document.importNode(page.getElementById("file-text"), true);
        shown.removeAttribute("id");
        shown.tabIndex = -1;
        link.closest("li").append(shown);
        link.textContent = link.dataset.close;
        shown.focus({ preventScroll: true });
      } catch (error) {
        shown = null;
        link.innerHTML = words;
        const problem = document.createElement("p");
        problem.className = "small bad";
        problem.setAttribute("role", "alert");
        problem.textContent = link.dataset.failed;
        const before = link.parentNode.querySelector("[role=alert]");
        if (before) before.remove();
        link.parentNode.append(problem);
      }
    });
  }
})();
