// Two texts compared word by word.

/** Pieces in order: `same`, `old` for what is gone, `new` for what came. */
export function wordDiff(old, now) {
  const [a, b] = [words(old), words(now)]
  const lengths = commonLengths(a, b)
  const pieces = []
  const add = (kind, text) => {
    if (pieces.at(-1)?.kind === kind) pieces.at(-1).text += text
    else pieces.push({ kind, text })
  }
  let [i, j] = [0, 0]
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      add('same', a[i++])
      j++
    } else if (j === b.length || (i < a.length && lengths[i + 1][j] >= lengths[i][j + 1])) add('old', a[i++])
    else add('new', b[j++])
  }
  return pieces
}

const words = (text) => text.match(/\S+\s*/g) ?? []

/** `lengths[i][j]`: how many words the rests from i and from j have in common, in order. */
function commonLengths(a, b) {
  const lengths = Array.from({ length: a.length + 1 }, () => new Uint16Array(b.length + 1))
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      lengths[i][j] = a[i] === b[j]
        ? lengths[i + 1][j + 1] + 1
        : Math.max(lengths[i + 1][j], lengths[i][j + 1])
    }
  }
  return lengths
}
