// The one place that talks to the server. The words for it are in /api/v1/openapi.json.

const base = '/api/v1'
const tokenName = 'campaign token'

/** The token comes once, behind the `#` of the address that `campaign serve` printed, and stays in this tab. */
function keepToken() {
  const given = new URLSearchParams(location.hash.slice(1)).get('token')
  if (!given) return
  sessionStorage.setItem(tokenName, given)
  history.replaceState(null, '', location.pathname + location.search)
}
keepToken()

export const token = () => sessionStorage.getItem(tokenName)
export const setToken = (value) => sessionStorage.setItem(tokenName, value)

/** What the server refused, in its words. */
class Refusal extends Error {
  constructor(problem, status) {
    super(problem?.detail || problem?.title || `the server answered ${status}`)
    this.status = status
    this.help = problem?.help
  }
}

async function ask(path, options = {}) {
  const headers = token() ? { Authorization: `Bearer ${token()}` } : {}
  if (options.body) headers['Content-Type'] = 'application/json'
  const answer = await fetch(base + path, { cache: 'no-store', ...options, headers })
  if (!answer.ok) throw new Refusal(await answer.json().catch(() => null), answer.status)
  return answer
}

const read = async (path) => (await ask(path)).json()
const send = async (path, body = {}) =>
  (await ask(path, { method: 'POST', body: JSON.stringify(body) })).json()
const query = (members) => {
  const text = new URLSearchParams(Object.entries(members).filter(([, value]) => value != null)).toString()
  return text && `?${text}`
}

export const campaigns = async () => (await read('/campaigns')).campaigns

/** One campaign's reads and writes. */
export function campaign(id, profile = undefined) {
  const path = `/campaigns/${encodeURIComponent(id)}`
  return {
    id,
    profile,
    overview: () => read(path + query({ profile })),
    explain: (target) => read(`${path}/explain${query({ target, profile })}`),
    takes: (target) => read(`${path}/takes${query({ target, profile })}`),
    log: async (target) => (await ask(`${path}/log${query({ target })}`)).text(),
    run: (run) => read(`${path}/history/${encodeURIComponent(run)}`),
    events: (after) => `${base}${path}/events${query({ after })}`,
    plan: ({ targets, force, set, ...request }) =>
      send(`${path}/plan`, { profile: request.profile ?? profile, targets, force, set }),
    build: (request) => send('/builds', { campaign: id, profile, ...request }),
    builds: (state) => read(`/builds${query({ campaign: id, state })}`),
    cancelBuild: (build) => send(`/builds/${build}/cancel`),
    restore: (run) => send(`${path}/history/${encodeURIComponent(run)}/restore`),
    approve: (target, items) => send(`${path}/approve`, { target, items, profile }),
    reject: (target, items) => send(`${path}/reject`, { target, items, profile }),
    take: (target, choice) => send(`${path}/take`, { target, profile, ...choice }),
    pausePool: (pool) => send(`${path}/pools/${encodeURIComponent(pool)}/pause`),
    resumePool: (pool) => send(`${path}/pools/${encodeURIComponent(pool)}/resume`),
    cancelRequests: (targets) => send(`${path}/cancel`, { targets }),
  }
}
