import CampaignCore

/// A line of a script: something that is to go wrong.
///
///     {"on": "create", "nth": 2, "do": "accept_then_reset"}
///     {"on": "create", "model": "google/veo-3.1-fast", "do": "final", "error": "nsfw_e005"}
///     {"on": "download", "times": 2, "do": "truncate", "bytes": 1000}
struct Fault: Sendable {
  /// `create`, `poll`, `list`, `file`, `download`, `chat` or `cancel`.
  let place: String
  let model: String?
  /// The request that it hits first, counted from 1 among those that fit.
  let nth: Int
  /// How many requests it hits.
  let times: Int
  let name: String
  let arguments: JSON
  private(set) var seen = 0

  init?(_ json: JSON) {
    guard let place = json["on"]?.string, let name = json["do"]?.string else { return nil }
    self.place = place
    self.name = name
    model = json["model"]?.string
    nth = json["nth"]?.int ?? 1
    times = json["times"]?.int ?? 1
    arguments = json
  }

  /// Counts a request, and says whether it is hit.
  mutating func hits(_ place: String, model: String?) -> Bool {
    guard place == self.place, self.model == nil || self.model == model else { return false }
    seen += 1
    return seen >= nth && seen < nth + times
  }

  static let names = """
    on create:    status, accept_then_reset, reset_before_accept, accept_then_hang, accept_then_5xx,
                  accept_then_garbage_json, throttle, list_lag, final (error: nsfw_e005, pa, director_e9828, oom,
                  input_url, canceled, aborted, or a text), stick, unknown_status,
                  any of them with list_lag (seconds) or hides_input (true),
                  output_shape (shape: list, object, data_uri, null)
    on poll:      poll_5xx, poll_404, poll_html, reset
    on list:      status, reset
    on file:      file_413, sha_mismatch, reset
    on download:  404, 403, 410, expired, truncate, truncate_no_length, etag_change, zero, html200, no_moov, bitflip,
                  wrong_type, slow (seconds), redirect_cross_host
    on chat:      refusal, length, invalid_json, fenced_json, unknown_ids, dup_ids, wrong_count, xai_403_flat,
                  openai_error, openrouter_error_in_200, reject_json_schema, reject_image_url, status, reset
    """
}
