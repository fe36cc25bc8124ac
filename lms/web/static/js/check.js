// Says right or not, and why, without leaving the page. While the line is down the answer stays in the form and is asked
// about again. Without this script the button loads the page with what is said.
(() => {
  const words = WORDS;
  document.querySelectorAll("form.check").forEach(form => {
    const said = form.querySelector(".said");
    let planned, isBusy;
    const given = () => new URLSearchParams(new FormData(form)).toString();

    function show(html, verdict) {
      form.dataset.verdict = verdict;
      said.innerHTML = html;
    }

    function wait(text) {
      show("", "none");
      said.textContent = text;
      planned = setTimeout(ask, 5000);
    }

    async function ask() {
      clearTimeout(planned);
      planned = 0;
      if (isBusy) return;
      isBusy = true;
      const sent = given(), abort = new AbortController(), limit = setTimeout(() => abort.abort(), 20000);
      try {
        const answer = await fetch(location.pathname, {
          method: "POST",
          body: new URLSearchParams(sent),
          headers: { "X-Requested-With": "fetch" },
          signal: abort.signal,
        });
        if (answer.status > 499) throw 0;
        const reply = await answer.json();
        if (answer.status === 429) wait(words.busy);
        else if (!reply.said) form.submit(); // signed out: the page to sign in keeps the answer
        else if (given() === sent) show(reply.said, reply.verdict);
        else show("", "");
      } catch {
        wait(words.offline);
      }
      clearTimeout(limit);
      isBusy = false;
    }

    form.addEventListener("submit", event => {
      event.preventDefault();
      said.textContent = words.checking;
      ask();
    });
    form.addEventListener("input", () => {
      if (!planned && !isBusy) show("", "");
    });
    addEventListener("online", () => {
      if (planned) ask();
    });
  });
})();
