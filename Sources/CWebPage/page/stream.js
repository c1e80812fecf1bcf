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
  let source = null
  const connect = () => {
    source = new EventSource(address)
    source.onopen = () => heard.opened()
    source.onerror = () => {
      const isRefused = source.readyState === EventSource.CLOSED
      heard.closed(isRefused)
      if (isRefused) setTimeout(connect, 1500)
    }
    for (const kind of kinds) {
      source.addEventListener(kind, (message) => heard.event({ ...parsed(message.data), ev: kind }))
    }
  }
  connect()
  // A page that is kept for the way back would hold its connection, and a browser has six for a server.
  addEventListener('pagehide', () => source.close())
  addEventListener('pageshow', (event) => event.persisted && location.reload())
}

function parsed(text) {
  try {
    return JSON.parse(text)
  } catch {
    return {}
  }
}
