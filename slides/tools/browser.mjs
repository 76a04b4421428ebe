// browser.mjs - looks at finished decks in a headless browser.
//
//   node browser.mjs check DECK.html...     nothing beyond a page, no request
//   node browser.mjs pdf DECK.html OUT.pdf
//   node browser.mjs png DECK.html OUT_DIR  one picture a page, to look at
//
// chrome.sh finds the browser. Status 1 when `check` found something.

import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

// The packages are in build/, this file is not.
const packages = createRequire(path.resolve('build/slides-tools/package.json'));
const puppeteer = packages('puppeteer-core').default ?? packages('puppeteer-core');

const WIDTH = 1280;
const HEIGHT = 720;

const [mode, ...files] = process.argv.slice(2);
const profile = fs.mkdtempSync(path.join(os.tmpdir(), 'nplab-browser.'));
const args = ['--disable-gpu', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update',
  '--disable-sync'];
if (process.getuid?.() === 0) args.push('--no-sandbox');

const chrome = execFileSync(path.resolve('slides/tools/chrome.sh'), { encoding: 'utf8' }).trim();
const browser = await puppeteer.launch({
  executablePath: chrome, headless: true, userDataDir: profile,
  args, defaultViewport: { width: WIDTH, height: HEIGHT },
});
let failures = 0;
try {
  if (mode === 'check') for (const file of files) await check(file);
  else if (mode === 'pdf') await print(files[0], files[1]);
  else if (mode === 'png') await photograph(files[0], files[1]);
  else throw new Error('usage: browser.mjs check|pdf|png DECK.html [OUT]');
} finally {
  await browser.close();
  fs.rmSync(profile, { recursive: true, force: true });
}
process.exitCode = failures ? 1 : 0;

function complain(sentence) {
  console.error(sentence);
  failures++;
}

async function open(file, page) {
  await page.goto(pathToFileURL(path.resolve(file)).href);
  await page.evaluate(() => document.fonts.ready);
}

// Runs in the page. What of slide `number` does not stay inside its margins,
// in the slide's own pixels.
function beyond(number) {
  const section = document.querySelectorAll('svg[data-marpit-svg]')[number]
    .querySelector('section');
  const frame = section.getBoundingClientRect();
  const scale = frame.width / 1280;
  const EDGE = 32;    // nothing closer to an edge than this
  const FOOT = 56;    // the footer's own strip
  const found = [];
  const say = (element, what) => found.push(
    `${what}: <${element.tagName.toLowerCase()}> "${(element.textContent ?? '')
      .trim().replace(/\s+/g, ' ').slice(0, 60)}"`);
  if (section.scrollHeight > section.clientHeight + 1) say(section, 'higher than the page');
  if (section.scrollWidth > section.clientWidth + 1) say(section, 'wider than the page');
  const bars = section.querySelectorAll('pre, code, table, figure, div');
  for (const element of bars) {
    if (getComputedStyle(element).display === 'inline') continue;
    if (element.scrollWidth > element.clientWidth + 1) say(element, 'wider than its box');
    if (element.scrollHeight > element.clientHeight + 1) say(element, 'higher than its box');
  }
  for (const element of section.querySelectorAll('*')) {
    if (element.closest('footer, header, defs, marker, pattern, clipPath')) continue;
    const box = element.getBoundingClientRect();
    if (box.width === 0 && box.height === 0) continue;
    const left = (box.left - frame.left) / scale;
    const top = (box.top - frame.top) / scale;
    const right = (frame.right - box.right) / scale;
    const bottom = (frame.bottom - box.bottom) / scale;
    const least = Math.min(left, top, right);
    if (least < EDGE - 1 || bottom < FOOT - 1) {
      say(element, `leaves ${Math.round(Math.min(least, bottom))} px to the edge`);
      break;
    }
  }
  return found;
}

async function check(file) {
  const name = path.basename(file, '.html');
  const page = await browser.newPage();
  page.on('request', (request) => {
    if (!/^(file|data|blob):/.test(request.url())) {
      complain(`${name}: asks the network for ${request.url()}`);
    }
  });
  page.on('pageerror', (error) => complain(`${name}: script error: ${error.message}`));
  await open(file, page);
  const count = await page.evaluate(
    () => document.querySelectorAll('svg[data-marpit-svg]').length);
  if (count === 0) complain(`${name}: has no pages`);
  for (let number = 0; number < count; number++) {
    await show(page, number);
    for (const finding of await page.evaluate(beyond, number)) {
      complain(`${name} page ${number + 1}: ${finding}`);
    }
  }
  console.log(`${name}: ${count} pages looked at`);
  await page.close();
}

async function show(page, number) {
  await page.evaluate((hash) => { location.hash = hash; }, `#${number + 1}`);
  await page.waitForFunction((index) => document
    .querySelectorAll('svg[data-marpit-svg]')[index]
    .classList.contains('bespoke-marp-active'), { timeout: 5000 }, number);
}

async function print(file, out) {
  const page = await browser.newPage();
  await open(file, page);
  await page.pdf({ path: out, preferCSSPageSize: true, printBackground: true });
}

async function photograph(file, folder) {
  fs.mkdirSync(folder, { recursive: true });
  const page = await browser.newPage();
  await open(file, page);
  await page.addStyleTag({ content: '.bespoke-marp-osc { display: none !important }' });
  const count = await page.evaluate(
    () => document.querySelectorAll('svg[data-marpit-svg]').length);
  for (let number = 0; number < count; number++) {
    await show(page, number);
    const target = path.join(folder, `${String(number + 1).padStart(2, '0')}.png`);
    await page.screenshot({ path: target });
  }
}
