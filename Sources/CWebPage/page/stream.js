// The event stream: one connection for the whole page, and none while it is hidden: a browser has six for a server, so
// that a seventh tab would wait for ever. Shown again, or kept for the way back and come back to, the page takes the
// stream up behind the last event that it heard.
//
// The browser's EventSource reconnects by itself after a cut, but gives up when the server answers with an error, as a
// proxy does while it restarts: then this one tries again.

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

/** `address` makes the address of the events after one. */
export function listen(address, after, heard) {
  let source = null
  let again = 0
  const connect = () => {
    clearTimeout(again)
    source?.close()
    if (document.hidden) return
    source = new EventSource(address(after))
    source.onopen = () => heard.opened()
    source.onerror = () => {
      const isRefused = source.readyState === EventSource.CLOSED
      heard.closed(isRefused)
      if (isRefused) again = setTimeout(connect, 1500)
    }
    for (const kind of kinds) {
      source.addEventListener(kind, (message) => {
        after = message.lastEventId || after
        heard.event({ ...parsed(message.data), ev: kind })
      })
    }
  }
  connect()
  document.addEventListener('visibilitychange', connect)
}

function parsed(text) {
  try {
    return JSON.parse(text)
  } catch {
    return {}
  }
}
