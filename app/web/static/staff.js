// Looks again at work in progress, and tells how far it is; the whole page is shown at its end.
"use strict";

const told = document.getElementById("avancement");

const look = async () => {
  let answer;
  try {
    answer = await fetch(location.href, { cache: "no-store" });
  } catch {
    return wait();  // the server may come back
  }
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const now = page.getElementById("avancement");
  if (!answer.ok || answer.redirected || !now) {
    return location.reload();
  }
  if (now.textContent !== told.textContent) {
    told.textContent = now.textContent;
  }
  const gauge = document.getElementById("jauge"), next = page.getElementById("jauge");
  for (const name of ["value", "max"]) {
    if (next.hasAttribute(name)) gauge.setAttribute(name, next.getAttribute(name));
  }
  wait();
};

const wait = () => setTimeout(look, 1000 * Number(told.dataset.every));

if (told) wait();
