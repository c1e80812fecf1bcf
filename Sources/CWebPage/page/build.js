// Building: what it would make and for how much is shown first, and the price that is shown is the limit that is sent.

import { h } from './dom.js'
import { buttons, close, open, openToken } from './dialogs.js'
import { buildCommand, button, command } from './parts.js'
import { isPaid, money, plural, prose, span } from './words.js'

/** Proposes a build: what it would make, why, for how much. Nothing happens before it is confirmed. */
export function openBuild(page, { title, ...asked }) {
  const request = { targets: [], set: {}, ...asked }
  let [plan, problem, isReckoning] = [null, null, false]
  const change = (members) => {
    Object.assign(request, members)
    reckon()
  }
  const show = open(title, () => [
    problem ? refused(problem) : plan ? offer(plan) : h('p', { class: 'quiet' }, 'Reckoning the price…'),
    (plan || problem) && options(page, request, plan, change),
    decision(page, request, problem ? null : plan, isReckoning),
  ])

  let latest = 0
  async function reckon() {
    const mine = ++latest
    isReckoning = true
    show()
    let found = null
    let refusal = null
    try {
      await page.acting
      found = await page.api.plan(request)
    } catch (error) {
      if (isStranger(error)) return openToken(() => openBuild(page, { title, ...request }))
      refusal = error
    }
    if (mine !== latest) return
    ;[plan, problem, isReckoning] = [found ?? plan, refusal, false]
    show()
  }
  reckon()
}

export const openReroll = (page, card) =>
  openBuild(page, { title: `Reroll ${card.id}`, force: [card.target] })

const isStranger = ({ status }) => status === 401 || status === 403

const refused = (problem) => [
  h('p', { class: 'because' }, prose(problem.message)),
  problem.help && h('p', { class: 'quiet' }, prose(problem.help)),
]

const isAwaiting = (step) => step.verdict === 'awaiting'
const isToMake = (step) => isAwaiting(step) || ['stale', 'undecided', 'restorable', 'edited'].includes(step.verdict)
const isEmpty = ({ steps, pending = [] }) => !steps.some(isToMake) && !pending.length
const most = ({ forecast }) => Number(forecast.usdAtMost ?? 0)

/** What a plan comes to. */
function offer(plan) {
  const { forecast, steps, pending = [] } = plan
  if (isEmpty(plan)) return h('p', null, 'Everything is current: there is nothing to make.')
  const made = steps.filter(isToMake)
  const waiting = steps.filter(isAwaiting)
  return [
    h(
      'p',
      { class: 'offer' },
      h('strong', null, most(plan) > 0 ? `at most ${money(most(plan))}` : 'free'),
      [
        forecast.usd > 0 && forecast.usd < most(plan) && `${money(forecast.usd)} for sure`,
        forecast.seconds > 0 && `takes about ${span(forecast.seconds)}`,
      ].filter(Boolean).join(' · '),
    ),
    h('ul', { class: 'plan' }, made.slice(0, 12).map(line), pending.map(later)),
    made.length > 12 && h('p', { class: 'quiet' }, `and ${plural(made.length - 12, 'step')} more`),
    h(
      'p',
      { class: 'quiet' },
      most(plan) > 0
        ? 'The price is the limit: nothing is spent beyond it. What is bought stays, as a take.'
        : 'Nothing is bought.',
      waiting.length > 0 && ` What waits for your approval${
        isPaid(plan.forecast.usdAwaited) ? `, for ${money(plan.forecast.usdAwaited)},` : ''
      } is not made before you have given it.`,
    ),
  ]
}

/** How else one may build: with other settings, in part, for less. Each change shows what it would come to. */
function options(page, request, plan, change) {
  const { profiles = [], sets = {}, steps } = page.overview
  const set = (name, value) => {
    const { [name]: _, ...others } = request.set
    change({ set: value ? { ...others, [name]: value } : others })
  }
  return h(
    'details',
    { key: 'options', class: 'options' },
    h('summary', null, 'Options'),
    profiles.length > 0 &&
      field(
        'Profile',
        h(
          'select',
          { onchange: (event) => change({ profile: event.target.value || undefined }) },
          !page.api.profile && h('option', { value: '' }, 'none'),
          profiles.map((name) =>
            h('option', { value: name, selected: name === (request.profile ?? page.api.profile) }, name)
          ),
        ),
      ),
    field(
      'Only these targets',
      h('input', {
        list: 'targets',
        placeholder: request.targets.join(' ') || 'everything',
        onchange: (event) => change({ targets: event.target.value.split(/\s+/).filter(Boolean) }),
      }),
    ),
    h('datalist', { id: 'targets' }, steps.map(({ target }) => h('option', { key: target, value: target }))),
    plan && most(plan) > 0 &&
      field(
        'Spend at most, in US dollars',
        h('input', {
          type: 'number',
          min: 0,
          step: 0.01,
          placeholder: cents(most(plan)).toFixed(2),
          onchange: (event) => change({ maxCost: event.target.value ? Number(event.target.value) : undefined }),
        }),
      ),
    Object.entries(sets).map(([name, value]) =>
      field(
        h('code', null, name),
        h('input', { placeholder: value, onchange: (event) => set(name, event.target.value.trim()) }),
        name,
      )
    ),
  )
}

const field = (words, control, key) => h('label', { key: key ?? words }, words, control)

const cents = (dollars) => Math.ceil(dollars * 100 - 1e-6) / 100

function decision(page, request, plan, isReckoning) {
  if (!plan || isEmpty(plan)) return null
  const confirmed = { ...request, maxCost: request.maxCost ?? cents(most(plan)) }
  const price = Math.min(confirmed.maxCost, most(plan))
  const start = () => {
    close()
    page.act(
      price > 0 ? `Building, for at most ${money(price)}` : 'Building, for nothing',
      () => page.api.build(confirmed),
    )
  }
  return buttons(
    button(price > 0 ? `Spend up to ${money(price)}` : 'Build', start, {
      class: 'button main',
      key: 'confirm',
      disabled: isReckoning,
    }),
    button('Not now', close, { key: 'no' }),
    command(page, buildCommand(page, confirmed)),
  )
}

const line = (step) =>
  h(
    'li',
    { key: step.outputs[0] },
    h('span', null, step.outputs[0]),
    h(
      'span',
      { class: 'price' },
      (step.verdict === 'undecided' || isAwaiting(step)) && isPaid(step.usd) ? `≤ ${money(step.usd)}` : money(step.usd),
    ),
    h('small', null, [step.payee, because(step)].filter(Boolean).join(' · ')),
  )

const because = ({ verdict, why = [] }) =>
  verdict === 'undecided' ? `depends on ${why[0]}` : verdict === 'awaiting' ? 'waits for your approval' : why[0]

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
