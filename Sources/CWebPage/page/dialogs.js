// What is asked before it is done. Whatever can spend shows its price here first, and sends that price as its limit.

import { setToken } from './api.js'
import { h, patch } from './dom.js'
import { buildCommand, button, command } from './parts.js'
import { openedTakes } from './takes.js'
import { isPaid, money, plural, prose, span } from './words.js'

const dialog = () => document.getElementById('dialog')

/** Shows a dialog of these nodes; returns how to show others in it. */
function open(title, draw, kind = '') {
  const box = dialog()
  const show = () =>
    patch(box, [
      h(
        'header',
        null,
        h('h2', { id: 'dialog-title' }, title),
        button('Close', close, { class: 'button close', 'aria-label': 'Close', key: 'close' }),
      ),
      draw(),
    ])
  box.className = kind
  box.onkeydown = null
  box.onclick = (event) => {
    if (event.target === box) close()
  }
  patch(box, [])
  show()
  if (!box.open) box.showModal()
  return show
}

const close = () => dialog().close()

/** Proposes a build: what it would make, why, for how much. Nothing happens before it is confirmed. */
export async function openBuild(page, { title, ...request }) {
  let plan = null
  let problem = null
  const show = open(
    title,
    () => (problem
      ? refused(problem)
      : plan
      ? proposal(page, request, plan)
      : h('p', { class: 'quiet' }, 'Reckoning the price…')),
  )
  try {
    plan = await page.api.plan(request)
  } catch (error) {
    if (error.status === 401 || error.status === 403) {
      return openToken(() => openBuild(page, { title, ...request }))
    }
    problem = error
  }
  show()
}

export const openReroll = (page, card) =>
  openBuild(page, { title: `Reroll ${card.id}`, force: [card.target] })

const refused = (problem) => [
  h('p', { class: 'because' }, prose(problem.message)),
  problem.help && h('p', { class: 'quiet' }, prose(problem.help)),
]

function proposal(page, request, { forecast, steps, pending = [] }) {
  const most = Number(forecast.usdAtMost ?? 0)
  const made = steps.filter((step) => ['stale', 'undecided', 'restorable', 'edited'].includes(step.verdict))
  if (!made.length && !pending.length) {
    return [
      h('p', null, 'Everything is current: there is nothing to make.'),
      buttons(button('Close', close, { class: 'button main' })),
    ]
  }
  const limit = Math.ceil(most * 100 - 1e-6) / 100
  const confirmed = { ...request, maxCost: limit }
  const start = () => {
    close()
    page.act(
      most > 0 ? `Building, for at most ${money(most)}` : 'Building, for nothing',
      () => page.api.build(confirmed),
    )
  }
  return [
    h(
      'p',
      { class: 'offer' },
      h('strong', null, most > 0 ? `at most ${money(most)}` : 'free'),
      forecast.usd > 0 && forecast.usd < most && ` ${money(forecast.usd)} for sure`,
      forecast.seconds > 0 && ` · about ${span(forecast.seconds)}`,
    ),
    h('ul', { class: 'plan' }, made.slice(0, 12).map(line), pending.map(later)),
    made.length > 12 && h('p', { class: 'quiet' }, `and ${plural(made.length - 12, 'step')} more`),
    h(
      'p',
      { class: 'quiet' },
      most > 0
        ? 'The price is the limit: nothing is spent beyond it. What is bought stays, as a take.'
        : 'Nothing is bought.',
    ),
    buttons(
      button(most > 0 ? `Spend up to ${money(most)}` : 'Build', start, {
        class: 'button main',
        key: 'confirm',
      }),
      button('Not now', close, { key: 'no' }),
      command(page, buildCommand(page, confirmed)),
    ),
  ]
}

const buttons = (...nodes) => h('div', { class: 'actions' }, nodes)

const line = (step) =>
  h(
    'li',
    { key: step.outputs[0] },
    h('span', null, step.outputs[0]),
    h(
      'span',
      { class: 'price' },
      step.verdict === 'undecided' && isPaid(step.usd) ? `≤ ${money(step.usd)}` : money(step.usd),
    ),
    h('small', null, [step.payee, step.why?.[0]].filter(Boolean).join(' · ')),
  )

const later = ({ outputs, file, countAtMost, usdAtMost }) =>
  h(
    'li',
    { key: outputs },
    h('span', null, outputs),
    h('span', { class: 'price' }, isPaid(usdAtMost) ? `≤ ${money(usdAtMost)}` : ''),
    h(
      'small',
      null,
      `${countAtMost != null ? `at most ${plural(countAtMost, 'step')}, ` : ''}known once ${file} is made`,
    ),
  )

/** What a step printed when it last ran. */
export async function openLog(page, target, message) {
  let log = null
  const show = open(target, () => [
    message && h('p', { class: 'because' }, prose(message)),
    h('pre', { class: 'log', tabindex: 0, 'aria-label': `Log of ${target}` }, log ?? 'Reading…'),
    buttons(command(page, `campaign log ${target}`)),
  ], 'wide')
  try {
    log = (await page.api.log(target)).trimEnd() || 'It printed nothing.'
  } catch (error) {
    log = error.message
  }
  show()
}

/** Takes of a clip side by side, played together. */
export function openTakes(page, card) {
  const view = openedTakes(page, card, () => show())
  const show = open(`Takes of ${card.id}`, view.draw, 'wide')
  dialog().onkeydown = view.key
  view.load()
}

/** Asks for the token that lets this page change things, then goes on. */
export function openToken(goOn) {
  const accept = (event) => {
    event.preventDefault()
    const given = event.target.elements.token.value.trim()
    if (!given) return
    setToken(new URLSearchParams(given.split('#')[1] ?? '').get('token') ?? given)
    close()
    goOn()
  }
  open('Who are you?', () => [
    h(
      'p',
      null,
      'To change something, open the address that ',
      h('code', null, 'campaign serve'),
      ' printed, or paste it here: it holds the token.',
    ),
    h(
      'form',
      { onsubmit: accept },
      h(
        'label',
        null,
        'Token ',
        h('input', { name: 'token', type: 'password', autocomplete: 'off', autofocus: true }),
      ),
      h('div', { class: 'actions' }, h('button', { class: 'button main' }, 'Go on'), button('Cancel', close)),
    ),
  ])
}
