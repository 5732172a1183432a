// usage: node check.mjs CHROMIUM FOLDER [PAGE]: looks at every page of the folder, as light, dark, on a phone, printed and
// without JavaScript, and presses what can be pressed.
import { readdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const [executablePath, folder] = process.argv.slice(2);
const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync"];
const browser = await chromium.launch({ executablePath, args, timeout: 120_000 });
let failures = 0, checks = 0;
const check = (page, what, good, detail = "") => {
  checks += 1;
  if (good) return;
  failures += 1;
  console.error(`FAILED ${page}: ${what} ${detail}`);
};

// A page in its own context; what it says on the console, asks of the network or throws is a failure.
async function opened(file, options) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  page.setDefaultTimeout(120_000);
  const said = [], asked = [];
  page.on("console", (message) => said.push(message.text()));
  page.on("pageerror", (error) => said.push(String(error)));
  page.on("dialog", (dialog) => { said.push(`dialog: ${dialog.message()}`); dialog.dismiss(); });
  page.on("request", (request) => asked.push(request.url()));
  const url = pathToFileURL(path.resolve(folder, file)).href;
  await page.goto(url);
  return { page, said, asked: () => asked.filter((each) => each !== url), close: () => context.close() };
}

async function accessible(name, page) {
  // Evaluated by the debugger: the page's policy rightly refuses a script tag.
  await page.evaluate(axe);
  const found = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
  check(name, "axe finds nothing", found.violations.length === 0,
    found.violations.map((v) => `${v.id}: ${v.nodes.slice(0, 3).map((n) => n.html.slice(0, 160)).join(" | ")}`).join("\n  "));
}

const pagesOf = (pdf) => (pdf.toString("latin1").match(/\/Type\s*\/Page\b(?!s)/g) ?? []).length;

async function look(file) {
  const views = {
    light: { viewport: { width: 1100, height: 900 }, colorScheme: "light" },
    dark: { viewport: { width: 1100, height: 900 }, colorScheme: "dark" },
    phone: { viewport: { width: 390, height: 800 }, colorScheme: "light", isMobile: true, hasTouch: true },
  };
  for (const [view, options] of Object.entries(views)) {
    const name = `${file} (${view})`;
    const { page, said, asked, close } = await opened(file, options);
    await accessible(name, page);
    check(name, "does not scroll sideways", await page.evaluate(() =>
      document.scrollingElement.scrollWidth <= window.innerWidth));
    check(name, "has one h1", (await page.locator("h1").count()) === 1);
    check(name, "its links lead to headings", await page.evaluate(() =>
      [...document.querySelectorAll("nav a")].every((a) => document.getElementById(a.hash.slice(1)))));
    await page.screenshot({ path: path.join(folder, `${file}.${view}.png`), fullPage: true });
    if (view === "light") {
      await page.emulateMedia({ media: "print" });
      check(name, "rows and figures are not cut in print", await page.evaluate(() =>
        [...document.querySelectorAll("tr, figure, li")].every((each) => getComputedStyle(each).breakInside === "avoid")));
      for (const format of ["A4", "Letter"]) {
        const pdf = await page.pdf({ format, preferCSSPageSize: false });
        check(name, `prints on ${format}`, pagesOf(pdf) >= 1);
        if (file === "executive-summary.html") check(name, `is one page of ${format}`, pagesOf(pdf) === 1, `but ${pagesOf(pdf)}`);
      }
    }
    check(name, "asks nothing of the network", asked().length === 0, asked().join(" "));
    check(name, "says nothing on the console", said.length === 0, said.join("\n  "));
    await close();
  }
  const { page, close } = await opened(file, { javaScriptEnabled: false });
  check(file, "reads without JavaScript", (await page.locator("main").innerText()).length > 200);
  check(file, "has no control that does nothing without JavaScript", (await page.locator("button, input[type=search]").count()) === 0);
  await close();
}

const column = (page, index) => page.locator("table").first().locator("tbody tr:not([hidden])")
  .evaluateAll((rows, at) => rows.map((row) => row.cells[at].textContent.trim()), index);

async function sortsAndFilters() {
  const { page, close } = await opened("tables.html", {});
  const expected = {
    took: ["45 s", "42 min", "3 h 20 m", "1 d 2 h", "n/a"],
    due: ["2025-12-31", "Dec 5", "Dec 15", "Jan 4, 2027", ""],
    share: ["7.5 %", "12 %", "83 %", "100 %", "n/a"],
    count: ["-2", "9", "1,214", "12.5 k", ""],
    name: ["Äpfel", "item 2", "item 10", "Zebra", "zoo"],
  };
  const heads = await page.locator("table").first().locator("thead th").allInnerTexts();
  for (const [head, order] of Object.entries(expected)) {
    const at = heads.findIndex((text) => text.trim().startsWith(head));
    const button = page.locator("table").first().locator("thead th").nth(at).locator("button");
    await button.click();
    const rows = (await column(page, at)).filter((text) => order.includes(text));
    check("tables.html", `sorts ${head}`, JSON.stringify(rows.slice(0, order.length)) === JSON.stringify(order), JSON.stringify(rows));
    await button.click();
    const reversed = (await column(page, at)).filter((text) => order.includes(text));
    const last = order[order.length - 1], valued = head !== "name";
    check("tables.html", `keeps what has no value last in ${head}`, !valued || reversed.at(-1) === last, JSON.stringify(reversed));
  }
  await page.getByLabel("Filter").first().fill("zebra");
  check("tables.html", "filters", (await column(page, 0)).length === 1);
  await page.getByLabel("Filter").first().fill("");
  check("tables.html", "shows all again", (await column(page, 0)).length === 12);
  check("tables.html", "a short table has no filter", (await page.locator("table").nth(1).locator("xpath=../preceding-sibling::label").count()) <= 1);
  await close();
}

async function inert() {
  const { page, said, asked, close } = await opened("hostile.html", {});
  const state = await page.evaluate(() => ({
    hit: window.hit,
    scripts: document.scripts.length,
    elements: document.querySelectorAll("img, iframe, object, embed, form, link, base, [onerror], [onclick], [onload]").length,
    hrefs: [...document.querySelectorAll("a")].map((a) => a.getAttribute("href")).filter((href) => !/^(https?:|mailto:|#)/.test(href)),
    foreign: document.querySelectorAll("foreignObject, use, image").length,
  }));
  check("hostile.html", "runs nothing of the data", state.hit === undefined && state.scripts === 1, JSON.stringify(state));
  check("hostile.html", "makes no element of the data", state.elements === 0 && state.foreign === 0, JSON.stringify(state));
  check("hostile.html", "links only to safe addresses", state.hrefs.length === 0, state.hrefs.join(" "));
  for (const button of await page.locator("button").all()) await button.click();
  check("hostile.html", "stays silent when pressed", said.length === 0 && asked().length === 0, said.join("\n"));
  await close();
}

const files = (await readdir(folder)).filter((file) => file.endsWith(".html")).sort();
check("pages", "are there", files.length >= 11, `only ${files.length}`);
const only = process.argv[4];
for (const file of files) if (!only || file.startsWith(only)) await look(file);
await sortsAndFilters();
await inert();
await browser.close();
console.log(`${files.length} pages, ${checks - failures} passed, ${failures} failed (screenshots in ${path.resolve(folder)})`);
process.exit(failures === 0 ? 0 : 1);
