// The event stream: one connection for the whole page. The browser's EventSource reconnects by itself after a cut, but
// gives up when the server answers with an error, as a proxy does while it restarts: then this one tries again.

const kinds = [
  'run.context',
  'run.started',
  'run.waiting',
  'run.reading',
  'plan',
  'plan.grew',
  'step.started',
  'step.progress',
  'step.retrying',
  'step.finished',
  'gate.waiting',
  'notice',
  'run.interrupted',
  'run.finished',
  'state',
]

export function listen(address, heard) {
  const source = new EventSource(address)
  source.onopen = () => heard.opened()
  source.onerror = () => {
    heard.closed(source.readyState === EventSource.CLOSED)
    if (source.readyState === EventSource.CLOSED) setTimeout(() => listen(address, heard), 1500)
  }
  for (const kind of kinds) {
    source.addEventListener(kind, (message) => heard.event({ ...parsed(message.data), ev: kind }))
  }
}

function parsed(text) {
  try {
    return JSON.parse(text)
  } catch {
    return {}
  }
}
