// What every page loads: pages work without it, htmx makes them quicker.
import htmx from "htmx.org";

// The strict content policy forbids eval and inline styles; htmx must not try either.
htmx.config.allowEval = false;
htmx.config.includeIndicatorStyles = false;
// Pages show people's names and telephones: none stay behind in the browser's storage.
htmx.config.historyCacheSize = 0;

// The device's own voice reads a receipt slowly; without one the button stays hidden.
const button = document.querySelector("[data-say]");
if (button && "speechSynthesis" in window) {
  button.hidden = false;
  button.addEventListener("click", () => {
    const words = new SpeechSynthesisUtterance(button.dataset.say);
    words.lang = document.documentElement.lang;
    words.rate = 0.8;
    speechSynthesis.cancel();
    speechSynthesis.speak(words);
  });
}
