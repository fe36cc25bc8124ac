// Saves each change in the background and counts the time down. The server decides everything: "saved" is said only
// when it has confirmed this very change, a button works only once that is so, and time is over when the server says it.
const form = document.querySelector("#answer,#hand-in");
const words = form.dataset;
const line = document.querySelector(".saved");
const timer = document.querySelector("[data-seconds]");
const page = form.turn?.value + Math.random().toString(36).slice(2);
let changes = 0, pause = 0, isNews, isBusy, isOut, pressed, wish, planned;

function say(text, kind) {
  line.textContent = text;
  line.className = "saved" + (kind ? " saved--" + kind : "");
}

function leave() {
  const field = document.createElement("input");
  field.type = "hidden";
  field.name = "go";
  field.value = wish;
  form.append(field);
  form.submit();
}

function plan(delay) {
  clearTimeout(planned);
  planned = setTimeout(save, delay);
}

async function save() {
  if (isBusy) return plan(300);
  clearTimeout(planned);
  const abort = new AbortController();
  const limit = setTimeout(() => abort.abort(), 20000);
  isBusy = true;
  isNews = false;
  const sent = form.turn.value;
  if (!isOut) say(words.saving, "wait");
  try {
    const answer = await fetch(location.href, {
      method: "POST",
      body: new URLSearchParams(new FormData(form)),
      headers: {"X-Requested-With": "fetch"},
      keepalive: true,
      signal: abort.signal,
    });
    if (answer.status > 499) throw 0;
    const said = await answer.json();
    if (answer.ok) {
      if (said.turn != sent) throw 0;
      pause = 0;
      isOut = false;
      count(said.is_answered);
      if (isNews) say(words.saving, "wait");
      else if (wish) leave();
      else say(words.saved + " " + said.saved_at);
    } else await refused(answer.status, said);
  } catch (error) {
    isOut = false;
    say(words.failed, "wait");
    again();
  }
  clearTimeout(limit);
  isBusy = false;
}

// The current question's mark and the number of answered ones, as the server would show them now.
function count(isAnswered) {
  if (isAnswered == !!words.quiz) return;
  words.quiz = isAnswered ? "answered" : "";
  const number = document.querySelector("#answered"), dot = document.querySelector(".dots [aria-current]");
  number.textContent = +number.textContent + (isAnswered ? 1 : -1);
  dot.setAttribute("aria-label", isAnswered ? dot.dataset.answered : dot.dataset.open);
  if (dot.dataset.state == "flag") return;
  dot.dataset.state = words.quiz;
  dot.querySelector("small").textContent = isAnswered ? "✓" : "";
}

function again() {
  isNews = true;
  plan(pause = Math.min(pause * 2 || 1000, 60000));
}

async function refused(status, said) {
  isNews = status < 402;
  if (!isOut) say(said.message || words.refused, "fail");
  if (status == 400) {
    const token = (await (await fetch(location.href)).text()).match(/csrf_token" value="([^"]+)/);
    if (token) {
      form.csrf_token.value = token[1];
      plan(500);
    }
  } else if (status == 401) {
    if (!isOut) {
      const link = document.createElement("a");
      link.href = words.login;
      link.target = "_blank";
      link.textContent = words.signIn;
      say(words.signedOut + " ", "fail");
      line.append(link);
    }
    isOut = true;
    again();
  } else if (wish) leave();
}

if ("quiz" in words) {
  form.addEventListener("input", () => {
    form.turn.value = page + "." + ++changes;
    isNews = true;
    isOut = false;
    say(words.saving, "wait");
    plan(700);
  });
  form.addEventListener("change", () => isNews && plan(0));
  addEventListener("click", event => {
    const button = event.target.closest("[name=go]");
    if (button) pressed = button.value;
  }, true);
  form.addEventListener("submit", event => {
    if (!isNews && !isBusy) return;
    event.preventDefault();
    wish = pressed;
    isNews = true;
    line.querySelector("a")?.focus();
    plan(0);
  });
  addEventListener("online", () => isNews && plan(0));
  addEventListener("visibilitychange", () => isNews && save());
}

if (timer) {
  let seconds = +timer.dataset.seconds, end = +timer.dataset.submit, read = performance.now(), before = seconds, isAsking;
  const ask = async () => {
    isAsking = true;
    try {
      const said = await (await fetch(timer.dataset.time)).json();
      seconds = said.seconds;
      end = said.submit_in;
      read = performance.now();
      if (!end && !wish) {
        wish = "submit";
        if (isNews || isBusy) plan(0);
        else leave();
      }
      isAsking = false;
    } catch (error) {
      setTimeout(ask, 5000);
    }
  };
  setInterval(() => {
    const passed = Math.floor((performance.now() - read) / 1000);
    const left = Math.max(0, seconds - passed);
    timer.querySelector("b").textContent = Math.floor(left / 60) + "." + ("0" + left % 60).slice(-2);
    for (const [mark, text] of [[300, "five"], [60, "one"]])
      if (before > mark && left <= mark) timer.nextElementSibling.textContent = timer.dataset[text];
    before = left;
    if (passed >= end && !isAsking) ask();
  }, 1000);
  addEventListener("visibilitychange", () => document.hidden || isAsking || ask());
}
