// Bundles every assets/*.js that does not begin with "_", and draws the icons that assets/icons.txt names into one sprite.
// The build folder is filled beside the old one and swapped in at the end, so a failed build leaves the old files alone.
import { existsSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const assets = fileURLToPath(new URL(".", import.meta.url));
const root = join(assets, "..");
const target = join(root, "zhiyuan", "web", "static", "build");
const fresh = `${target}.new`;
const iconFolder = join(root, "node_modules", "@tabler", "icons", "icons", "outline");

function entries() {
  return readdirSync(assets)
    .filter((name) => name.endsWith(".js") && !name.startsWith("_"))
    .map((name) => join(assets, name));
}

function symbol(name) {
  const file = join(iconFolder, `${name}.svg`);
  if (!existsSync(file)) throw new Error(`assets/icons.txt: Tabler has no outline icon named "${name}"`);
  const drawing = readFileSync(file, "utf8")
    .replace(/^[\s\S]*?<svg[^>]*>/, "")
    .replace(/<\/svg>\s*$/, "")
    .replace(/<path stroke="none" d="M0 0h24v24H0z" fill="none" ?\/>/, "")
    .replace(/\s*\n\s*/g, "")
    .replace(/ \/>/g, "/>");
  return `<symbol id="i-${name}" viewBox="0 0 24 24">${drawing}</symbol>`;
}

function sprite() {
  const names = readFileSync(join(assets, "icons.txt"), "utf8").split("\n").map((line) => line.trim()).filter(Boolean);
  return `<svg xmlns="http://www.w3.org/2000/svg">\n${[...new Set(names)].map(symbol).join("\n")}\n</svg>\n`;
}

rmSync(fresh, { recursive: true, force: true });
await build({
  entryPoints: entries(),
  outdir: fresh,
  bundle: true,
  minify: true,
  format: "iife",
  target: ["es2020", "chrome80", "safari14"],
  legalComments: "none",
  logLevel: "warning",
});
writeFileSync(join(fresh, "icons.svg"), sprite());
rmSync(target, { recursive: true, force: true });
renameSync(fresh, target);
console.log(readdirSync(target).map((name) => basename(name)).join(" "));
