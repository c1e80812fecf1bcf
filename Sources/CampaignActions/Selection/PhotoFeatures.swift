import Glibc

/// What a photo looks like, in numbers, from a 48x48 thumbnail.
struct PhotoFeatures: Hashable, Sendable {
  static let side = 48
  /// The layout is that of a grid of so many cells a side.
  private static let cells = 4

  /// Colours of the cells, row by row.
  var layout: [OKLab] = []
  /// Shares of 4 lightnesses x 3 x 3 hues.
  var histogram = [Double](repeating: 0, count: 36)
  /// Shares of 8 directions of edges.
  var edges = [Double](repeating: 0, count: 8)
  /// The mean lightness, 0...1.
  var brightness = 0.0
  /// The standard deviation of the lightness.
  var contrast = 0.0
  /// The mean steepness of edges: how much there is to see, and how sharp it is.
  var detail = 0.0

  /// Takes `side` x `side` pixels of red, green and blue.
  init(rgb: [UInt8]) {
    let pixels = (0..<Self.side * Self.side).map { OKLab(rgb[3 * $0], rgb[3 * $0 + 1], rgb[3 * $0 + 2]) }
    let count = Double(pixels.count)
    for pixel in pixels {
      histogram[pixel.bin] += 1 / count
      brightness += pixel.lightness / count
    }
    contrast = sqrt(
      pixels.reduce(0) { $0 + ($1.lightness - brightness) * ($1.lightness - brightness) } / count)
    layout = Self.layout(of: pixels)
    measureEdges(pixels.map(\.lightness))
  }

  private static func layout(of pixels: [OKLab]) -> [OKLab] {
    let extent = side / cells
    var sums = [OKLab](repeating: OKLab(), count: cells * cells)
    for (index, pixel) in pixels.enumerated() {
      let cell = index / side / extent * cells + index % side / extent
      sums[cell].lightness += pixel.lightness / Double(extent * extent)
      sums[cell].a += pixel.a / Double(extent * extent)
      sums[cell].b += pixel.b / Double(extent * extent)
    }
    return sums
  }

  private mutating func measureEdges(_ light: [Double]) {
    let side = Self.side
    var total = 0.0
    for y in 1..<side - 1 {
      for x in 1..<side - 1 {
        let right = light[y * side + x + 1] - light[y * side + x - 1]
        let down = light[(y + 1) * side + x] - light[(y - 1) * side + x]
        let steepness = hypot(right, down)
        // An edge has the same direction seen from either of its sides.
        let turn = (atan2(down, right) + .pi) / .pi * 8
        edges[Int(turn.rounded()) % 8] += steepness
        total += steepness
      }
    }
    detail = total / Double((side - 2) * (side - 2))
    if total > 0 { edges = edges.map { $0 / total } }
  }

  // MARK: - Judging

  /// How alike two photos are: 1 is the same picture.
  func similarity(to other: PhotoFeatures) -> Double {
    0.3 * Self.overlap(histogram, other.histogram) + 0.4 * likenessOfView(to: other)
      + 0.2 * Self.overlap(edges, other.edges) + 0.1 * (1 - abs(brightness - other.brightness))
  }

  /// How alike two photos are in what is where.
  func likenessOfView(to other: PhotoFeatures) -> Double {
    let distance = zip(layout, other.layout).reduce(0) { $0 + $1.0.distance(to: $1.1) }
    return max(0, 1 - 3 * distance / Double(layout.count))
  }

  /// How good a photo is by itself: well lit, with contrast and detail.
  var quality: Double {
    let exposure = max(0, 1 - 2 * abs(brightness - 0.6))
    return (exposure + min(1, contrast / 0.25) + min(1, detail / 0.12)) / 3
  }

  private static func overlap(_ left: [Double], _ right: [Double]) -> Double {
    zip(left, right).reduce(0) { $0 + min($1.0, $1.1) }
  }
}
