// Dialogs: one at a time, over the page.

import { setToken } from './api.js'
import { h, patch } from './dom.js'
import { button, command } from './parts.js'
import { openedTakes } from './takes.js'
import { prose } from './words.js'

const dialog = () => document.getElementById('dialog')

/** How to draw the dialog that is open: what an earlier one still has to say must not appear in it. */
let shown = null

/** Shows a dialog of these nodes; returns how to show others in it. */
export function open(title, draw, kind = '') {
  const box = dialog()
  const show = () => {
    if (shown !== show) return
    patch(box, [
      h(
        'header',
        null,
        h('h2', { id: 'dialog-title' }, title),
        button('Close', close, { class: 'button close', 'aria-label': 'Close', key: 'close' }),
      ),
      draw(),
    ])
  }
  shown = show
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

export const close = () => dialog().close()

export const buttons = (...nodes) => h('div', { class: 'actions' }, nodes)

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

/** Asks for the token that lets this page in, then goes on. */
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
      'Open the address that ',
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
