// History: what each build changed and cost; and the timeline of one, step by step.

import { h } from './dom.js'
import { openLog } from './dialogs.js'
import { button, command, heading } from './parts.js'
import { ago, money, plural, shortName, shortNames, span, tag } from './words.js'

const outcomes = {
  done: 'current',
  failed: 'failed',
  trouble: 'failed',
  waiting: 'waiting',
  interrupted: 'stale',
  'cut short': 'stale',
  'at a limit': 'stale',
  running: 'running',
}

export function drawHistory(page) {
  const runs = page.overview.history
  if (!runs.length) return []
  return [
    heading('history', 'History', plural(runs.length, 'build')),
    h('ul', { class: 'runs' }, runs.map((run) => draw(page, run))),
  ]
}

function draw(page, run) {
  const isOpen = page.run?.id === run.run
  return h(
    'li',
    { key: run.run },
    h(
      'div',
      { class: 'line' },
      h(
        'button',
        {
          type: 'button',
          class: 'link',
          'aria-expanded': String(isOpen),
          onclick: () => toggle(page, run),
        },
        h('span', { 'aria-hidden': 'true' }, isOpen ? '▾ ' : '▸ '),
        run.name,
      ),
      tag(outcomes[run.outcome] ?? 'stale', run.outcome),
      h(
        'span',
        { class: 'quiet' },
        [run.started && ago(run.started), span(run.seconds), run.profile].filter(Boolean).join(' · '),
      ),
      h('span', { class: 'price' }, run.outcome === 'running' ? `${money(run.cost, '$0')} so far` : money(run.cost)),
    ),
    run.changed?.length > 0 && h('p', { class: 'changed' }, names(run.changed)),
    isOpen && (page.run.detail ? timeline(page, page.run.detail) : h('p', { class: 'quiet' }, 'Reading…')),
    isOpen && page.run.detail && restoration(page, page.run.detail),
    isOpen && command(page, `campaign history ${run.name}`),
  )
}

/** Which takes would count again if this build were restored. */
function restoration(page, { run, name, restores, others, remade }) {
  if (!restores.length && !others.length && !remade.length) return null
  const restore = async () => {
    await page.act(`The takes of ${name} count again`, () => page.api.restore(run))
    read(page, run)
  }
  const words = (targets) => targets.map(shortName).join(', ')
  const takes = restores.map(({ target, take }) => `${shortName(target)} to take ${take}`).join(', ')
  return h(
    'div',
    { class: 'restoration' },
    restores.length > 0 &&
      h(
        'div',
        { class: 'actions' },
        button('Restore this version', restore),
        h('span', { class: 'quiet' }, `free: ${takes}`),
        command(page, `campaign history ${name} --restore`),
      ),
    others.length > 0 &&
      h(
        'p',
        { class: 'quiet' },
        `${words(others)} had another prompt, other photos or another profile then: put those back first.`,
      ),
    remade.length > 0 &&
      h(
        'p',
        { class: 'quiet' },
        `Made anew since: ${words(remade)}. That comes back when photos, texts and Campaignfile are as they were.`,
      ),
  )
}

/** The first few names, and how many more. */
function names(changed) {
  const shown = shortNames(changed.slice(0, 7)).join(', ')
  return `changed ${shown}${changed.length > 7 ? ` and ${changed.length - 7} more` : ''}`
}

function toggle(page, { run }) {
  page.run = page.run?.id === run ? null : { id: run }
  page.redraw()
  if (page.run) read(page, run)
}

/** Reads the open build again while it runs. */
export const follow = (page) => page.run?.detail?.outcome === 'running' && read(page, page.run.id)

async function read(page, run) {
  try {
    const detail = await page.api.run(run)
    if (page.run?.id === run) page.run.detail = detail
  } catch (error) {
    page.tell(error.message, true)
  }
  page.redraw()
}

// MARK: - The timeline

const bars = {
  made: 'current',
  restored: 'restored',
  adopted: 'restored',
  failed: 'failed',
  stopped: 'stale',
  skipped: 'queued',
  'cut short': 'stale',
}
const most = 200

function timeline(page, { steps, seconds, outcome }) {
  const open = outcome === 'running' ? 'running' : 'cut short'
  const ran = steps.filter((step) => step.start != null)
    .map((step) => (step.outcome ? step : { ...step, outcome: open, seconds: seconds - step.start }))
    .sort((a, b) => a.start - b.start)
  const skipped = steps.filter((step) => step.start == null && step.message)
  const end = Math.max(seconds ?? 0, ...ran.map((step) => step.start + step.seconds), 0.001)
  const shown = page.run.isWhole || ran.length <= most ? ran : chief(ran)
  const rows = [...shown, ...skipped.map((step) => ({ ...step, start: 0 }))]
  const labels = shortNames(rows.map((step) => step.target))
  return h(
    'div',
    { class: 'timeline' },
    h(
      'div',
      { class: 'scale', 'aria-hidden': 'true' },
      [0, 0.25, 0.5, 0.75, 1].map((part) =>
        h('span', { key: part, '--at': part }, end < 1 ? `${(end * part).toFixed(2)}s` : span(end * part))
      ),
    ),
    h(
      'ul',
      null,
      rows.map((step, index) => bar(page, step, labels[index], end)),
    ),
    shown.length < ran.length && button(`Show all ${ran.length.toLocaleString()} steps`, () => {
      page.run.isWhole = true
      page.redraw()
    }),
  )
}

/** Of many steps those that failed and those that took longest. */
function chief(steps) {
  const weight = (step) => (step.outcome === 'failed' ? Infinity : step.seconds)
  const chosen = new Set([...steps].sort((a, b) => weight(b) - weight(a)).slice(0, most))
  return steps.filter((step) => chosen.has(step))
}

/** Where the words of a bar have room: behind it, before it, or in it. */
function place({ start, seconds }, end) {
  if (start + seconds < end * 0.6) return ''
  return start > end * 0.4 ? 'late' : 'long'
}

function bar(page, step, label, end) {
  const words = [
    step.outcome,
    span(step.seconds),
    step.cost > 0 && money(step.cost),
    step.retries > 0 && plural(step.retries, 'retry').replace('retrys', 'retries'),
  ]
  return h(
    'li',
    { key: step.target },
    h(
      'button',
      {
        type: 'button',
        class: 'bar-row',
        onclick: () => openLog(page, step.target, step.message),
        title: `${step.target}: ${words.filter(Boolean).join(', ')}`,
      },
      h('span', { class: 'label' }, label),
      h(
        'span',
        { class: 'lane' },
        h('span', {
          class: `span ${bars[step.outcome] ?? 'running'} ${place(step, end)}`,
          '--start': step.start / end,
          '--length': step.seconds / end,
        }, h('span', null, words.filter(Boolean).join(' · '))),
      ),
    ),
    step.message && h('p', { class: 'because' }, step.message),
  )
}
