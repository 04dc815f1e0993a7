// What every page loads: pages work without it, htmx makes them quicker.
import htmx from "htmx.org";

// The strict content policy forbids eval and inline styles; htmx must not try either.
htmx.config.allowEval = false;
htmx.config.includeIndicatorStyles = false;
// Pages show people's names and telephones: none stay behind in the browser's storage.
htmx.config.historyCacheSize = 0;
