// What events have said since the state was last fetched: which steps run, and how far they are.

/** The rows of a running build, from its events. */
export class Live {
  rows = new Map()
  notices = []

  /** Takes an event in. True when the whole state should be fetched. */
  take(event) {
    switch (event.ev) {
      case 'step.started':
        this.rows.set(event.target, {
          target: event.target,
          action: event.action,
          pool: event.pool,
          usual: event.usualSeconds,
          since: Date.now(),
        })
        return true
      case 'step.progress': {
        const row = this.rows.get(event.target)
        if (row) Object.assign(row, { fraction: event.fraction, detail: event.detail })
        return !row
      }
      case 'step.retrying': {
        const row = this.rows.get(event.target)
        if (row) row.detail = `try ${event.retry + 1} in ${Math.round(event.delay)}s: ${event.message}`
        return false
      }
      case 'notice':
        this.notices = [...this.notices.slice(-3), event.message]
        return false
      case 'run.started':
        this.rows.clear()
        this.notices = []
        return true
      case 'step.finished':
        this.rows.delete(event.target)
        return true
      case 'run.finished':
        this.rows.clear()
        return true
      case 'plan':
      case 'plan.grew':
      case 'gate.waiting':
      case 'run.interrupted':
      case 'run.waiting':
      case 'state':
        return true
      default:
        return false
    }
  }

  /** The fetched state is right about which steps run; events may know better how far they are. */
  settle({ live }) {
    const known = this.rows
    this.rows = new Map()
    for (const row of live.rows) {
      const before = known.get(row.target)
      const since = before?.since ?? Date.now() - (row.seconds ?? 0) * 1000
      const fraction = Math.max(before?.fraction ?? 0, row.fraction ?? 0) || undefined
      this.rows.set(row.target, { ...row, since, fraction, detail: before?.detail ?? row.detail })
    }
  }

  /** How far a step is, from 0 to 1: as it says, or guessed from how long it usually takes. */
  static fraction(row, now = Date.now()) {
    if (row.fraction != null) return row.fraction
    return row.usual ? Math.min(0.95, (now - row.since) / 1000 / row.usual) : null
  }
}
