// Why: the comparison that decided, for the chosen clip or step.

import { h } from './dom.js'
import { openBuild } from './build.js'
import { openLog } from './dialogs.js'
import { button, command, heading, picture, quoted } from './parts.js'
import { prose, stateWord, tag } from './words.js'
import { wordDiff } from './diff.js'

export function drawWhy(page) {
  const { selected, explanation } = page
  if (!selected) {
    return [
      heading('why', 'Why'),
      h(
        'p',
        { class: 'quiet' },
        'Choose a clip of the storyboard or a step of the graph to see why it is as it is.',
      ),
    ]
  }
  const step = page.overview.steps.find((step) => step.target === selected || step.outputs.includes(selected))
  return [
    heading('why', 'Why ', h('code', null, selected), step && [' is ', stateWord(step.state)]),
    !explanation
      ? h('p', { class: 'quiet' }, 'Comparing…')
      : explanation.problem
      ? h('p', { class: 'quiet' }, explanation.problem)
      : comparison(page, explanation),
    h(
      'div',
      { class: 'actions' },
      step &&
        button(
          'Make it again…',
          () => openBuild(page, { title: `Make ${selected} again`, force: [selected] }),
        ),
      step && button('Log', () => openLog(page, selected)),
      command(page, `campaign explain ${quoted(selected)}`),
    ),
  ]
}

function comparison(page, { step, fields, inputs, last }) {
  const changed = fields.filter((field) => field.changed)
  const same = fields.filter((field) => !field.changed)
  return [
    step?.why?.length > 0 &&
    h('ul', { class: 'reasons' }, step.why.map((words) => h('li', null, prose(words)))),
    changed.length > 0 &&
    h(
      'dl',
      { class: 'fields' },
      changed.map((field) => h('div', null, h('dt', null, field.name), h('dd', null, difference(field)))),
    ),
    h('ul', { class: 'inputs' }, inputs.map((input) => draw(page, input))),
    same.length > 0 &&
    h(
      'details',
      null,
      h('summary', null, 'Unchanged parameters'),
      h(
        'dl',
        { class: 'fields' },
        same.map((field) => h('div', null, h('dt', null, field.name), h('dd', null, field.new ?? '–'))),
      ),
    ),
    changed.length === 0 && step?.verdict === 'current' && last &&
    h('p', { class: 'quiet' }, 'Every parameter and every input is what it was when this was made.'),
  ]
}

const difference = ({ old, new: now }) =>
  old == null ? h('ins', null, now) : now == null ? h('del', null, old) : wordDiff(old, now).map((
    { kind, text },
  ) => (kind === 'same' ? text : h(kind === 'old' ? 'del' : 'ins', null, text)))

const changes = { changed: ['stale', 'changed'], added: ['stale', 'added'], removed: ['failed', 'removed'] }

function draw(page, input) {
  const change = changes[input.change]
  const now = photo(page, input.path)
  return h(
    'li',
    { key: input.path, class: input.change === 'changed' && now ? 'versions' : '' },
    pictures(input, now),
    h(
      'div',
      null,
      input.madeBy
        ? button(input.path, () => page.select(input.path), { class: 'link' })
        : h('span', null, input.path),
      ' ',
      change ? tag(change[0], change[1]) : h('span', { class: 'quiet' }, 'unchanged'),
    ),
  )
}

/** An input that has changed beside what it was. */
function pictures(input, now) {
  const old = input.oldUrl && { url: input.oldUrl }
  if (input.change === 'removed') return old && picture(old, `${input.path} as it was`)
  if (!now) return null
  if (input.change !== 'changed') return picture(now, input.path)
  return h(
    'div',
    { class: 'pair' },
    h(
      'figure',
      null,
      old ? picture(old, `${input.path} as it was`) : h('p', { class: 'gone' }, 'No picture of it is left'),
      h('figcaption', null, 'before'),
    ),
    h(
      'figure',
      null,
      picture(now, `${input.path} now`, { version: input.hash }),
      h('figcaption', null, 'now'),
    ),
  )
}

/** The picture at a path, if the storyboard shows it. */
function photo({ overview }, path) {
  for (const card of overview.storyboard) {
    if (card.first?.path === path) return card.first
    if (card.last?.path === path) return card.last
  }
  return null
}
