// What do you need from me? Approvals with their pictures, failures with their cause, questions of money.

import { h } from './dom.js'
import { openBuild } from './build.js'
import { openLog } from './dialogs.js'
import { button, command, picture, quoted } from './parts.js'
import { isPaid, money, plural, prose, stateWord } from './words.js'

export function drawNeeds(page) {
  const { needs, films, live } = page.overview
  return [
    h('h2', { id: 'needs-title' }, 'What do you need from me?'),
    needs.length === 0 ? nothing(page, films, live) : needs.map((need) => draw(page, need)),
  ]
}

function nothing(page, films, live) {
  const { name, state } = page.overview
  const what = films.length > 0 ? 'The film' : name
  const stale = films.find((film) => film.state !== 'current')
  if (live.building) return h('p', { class: 'lede' }, `Nothing. ${what} is being made.`)
  if (!stale && state === 'current') return h('p', { class: 'lede' }, `Nothing. ${what} is current.`)
  return h(
    'p',
    { class: 'lede' },
    `Nothing. ${what} is ${stateWord(stale?.state ?? state)}: `,
    button('build it…', () => openBuild(page, { title: 'Build the film' }), { class: 'link' }),
  )
}

const titles = {
  approval: 'Approve',
  failure: 'Failed',
  trouble: 'Provider in trouble',
  limit: 'A question of money',
  mistake: 'A mistake',
}
const tones = { approval: 'waiting', failure: 'failed', trouble: 'failed', limit: 'stale', mistake: 'failed' }
const glyphs = { approval: '◆', failure: '✗', trouble: '!', limit: '$', mistake: '✗' }

function draw(page, need) {
  const { kind, target, message, help, site } = need
  return h(
    'article',
    { key: `${kind} ${target}`, class: `need ${tones[kind]}` },
    h(
      'header',
      null,
      h(
        'span',
        { class: `tag ${tones[kind]}` },
        h('span', { 'aria-hidden': 'true' }, glyphs[kind]),
        ' ',
        titles[kind],
      ),
      h('h3', null, prose(message)),
      help && h('p', { class: 'help' }, prose(help)),
      h('p', { class: 'quiet' }, [!message.includes(target) && target, site].filter(Boolean).join(' · ')),
    ),
    need.sheet && !need.items?.length &&
      h('a', { href: need.sheet.url, class: 'sheet' }, picture(need.sheet, `What ${target} holds`, { width: 960 })),
    need.items?.length > 0 &&
      h('ul', { class: 'items' }, need.items.map((item) => candidate(page, need, item))),
    h('div', { class: 'actions' }, actions(page, need), need.command && command(page, need.command)),
  )
}

/** A pair to approve, or not. */
function candidate(page, { target }, item) {
  const approve = () => page.act(`Approved ${item.id}`, () => page.api.approve(target, [item.id]))
  const reject = () =>
    page.act(`${item.id} is out of ${target}`, () => page.api.reject(target, [item.id]))
  const names = `${quoted(target)} ${quoted(item.id)}`
  return h(
    'li',
    { key: item.id },
    h(
      'div',
      { class: 'stills' },
      item.first && picture(item.first, `First picture of ${item.id}`),
      item.last && picture(item.last, `Last picture of ${item.id}`),
    ),
    h(
      'div',
      { class: 'words' },
      h('h4', null, item.id, ' ', h('span', { class: 'price' }, money(item.price))),
      item.prompt && h('p', { class: 'prompt' }, item.prompt),
      item.reason && h('p', { class: 'quiet' }, item.reason),
      h(
        'div',
        { class: 'actions' },
        button('Approve', approve, { 'aria-label': `Approve ${item.id}` }),
        button('Reject', reject, { 'aria-label': `Reject ${item.id}` }),
      ),
      h(
        'div',
        { class: 'commands' },
        command(page, `campaign approve ${names}`),
        command(page, `campaign approve ${names} --reject`),
      ),
    ),
  )
}

function actions(page, { kind, target, items }) {
  switch (kind) {
    case 'approval': {
      const price = items?.reduce((sum, item) => sum + Number(item.price ?? 0), 0)
      const words = items?.length > 1 ? `Approve all ${items.length}` : 'Approve'
      return [
        items?.length !== 1 &&
        button(words, () => page.act(`Approved ${target}`, () => page.api.approve(target)), {
          class: 'button main',
        }),
        isPaid(price) &&
        h(
          'span',
          { class: 'quiet' },
          `Approving buys nothing. The next build would buy ${plural(items.length, 'clip')} for ${
            money(price)
          }, and asks first.`,
        ),
      ]
    }
    case 'failure':
    case 'trouble':
      return [
        button('Retry…', () => openBuild(page, { title: `Make ${target} again`, targets: [target] }), {
          class: 'button main',
        }),
        target && button('Log', () => openLog(page, target)),
      ]
    case 'limit':
      return button('Show the price…', () => openBuild(page, { title: 'Spend more, once' }), {
        class: 'button main',
      })
    default:
      return null
  }
}
