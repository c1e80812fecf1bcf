import CampaignCore
import CampaignEngine
import CampaignReporting
import Glibc

/// An amount of US dollars, exact to a millionth.
public typealias Money = CampaignCore.Money

extension Project {
  /// Loads and checks the Campaignfile of a workspace folder. Runs and writes nothing.
  ///
  /// - Parameters:
  ///   - folder: holds the Campaignfile, and all that its paths name.
  ///   - profile: one of its profiles, which the command takes as `--profile`.
  ///   - settings: override those of the Campaignfile, as `--set` does.
  ///   - actions: your own, for its rules to name.
  public static func load(
    _ folder: String, profile: String? = nil, settings: [String: String] = [:], actions: [any StepAction] = []
  ) async throws(CampaignError) -> Project {
    var options = Options()
    (options.root, options.profile, options.actions) = (Files.absolute(folder), profile, actions)
    options.overrides = settings.sorted { $0.key < $1.key }.map { (name: $0.key, value: $0.value) }
    return try await Self.apart { [options] () throws(CampaignError) in
      do throws(InvalidCampaign) { return try Project.load(options) } catch { throw CampaignError(error) }
    }
  }

  /// All mistakes in the Campaignfile of a folder; none when it is sound.
  public static func check(_ folder: String, profile: String? = nil, actions: [any StepAction] = []) async
    -> [Mistake]
  {
    do throws(CampaignError) {
      _ = try await load(folder, profile: profile, actions: actions)
      return []
    } catch { return error.mistakes }
  }

  /// What the campaign is called in its Campaignfile.
  public var name: String { campaign.name }

  /// What a build would do now, why, and for how much. Runs and writes nothing.
  public func plan(_ options: BuildOptions = BuildOptions()) async throws(CampaignError) -> BuildPlan {
    try await Self.apart { () throws(CampaignError) in
      do throws(BuildError) { return BuildPlan(try plan(options.request)) } catch {
        throw CampaignError(error)
      }
    }
  }

  /// How the campaign stands.
  public func status() async throws(CampaignError) -> CampaignStatus {
    try await Self.apart { () throws(CampaignError) in
      do throws(BuildError) {
        let plan = try plan(Request())
        return CampaignStatus(campaign.name, plan, try circumstances(plan))
      } catch { throw CampaignError(error) }
    }
  }

  /// Brings targets up to date. When the task is canceled, the build stops as by Ctrl-C, and its result says so: what was
  /// bought is kept, what is in flight is picked up by the next build.
  public func build(_ options: BuildOptions = BuildOptions()) async throws -> BuildResult {
    let batch = Batch()
    return try await withTaskCancellationHandler {
      try await Self.apart { () throws(CampaignError) in try build(options, batch) { _ in } }
    } onCancel: {
      batch.signal(SIGINT)
    }
  }

  /// Builds the same again where that can help. What is made already is not made again.
  public func retry(_ result: BuildResult) async throws -> BuildResult {
    result.isComplete ? result : try await build(result.options)
  }

  /// Builds, and tells what happens. To stop listening, or to cancel the task that does, stops the build.
  public func events(building options: BuildOptions = BuildOptions()) -> AsyncThrowingStream<
    BuildEvent, any Error
  > {
    AsyncThrowingStream { listener in
      let batch = Batch()
      listener.onTermination = { reason in
        if case .cancelled = reason { batch.signal(SIGINT) }
      }
      Self.start {
        do throws(CampaignError) {
          let result = try build(options, batch) { event in
            if let event = BuildEvent(event) { listener.yield(event) }
          }
          listener.yield(.finished(result))
          listener.finish()
        } catch { listener.finish(throwing: error) }
      } orElse: {
        listener.finish(throwing: $0)
      }
    }
  }

  /// The batch takes the signals: those of this process are the embedding program's own affair.
  private func build(_ options: BuildOptions, _ batch: Batch, record: @escaping (Event) -> Void)
    throws(CampaignError) -> BuildResult
  {
    var request = options.request
    request.batch = batch
    do throws(BuildError) { return BuildResult(try build(request, record: record), options) } catch {
      throw CampaignError(error)
    }
  }

  /// Cancels paid requests that are in flight, for some targets or for all. Returns a line for each.
  public func cancelRequests(for targets: [String] = []) async throws(CampaignError) -> [String] {
    try await Self.apart { () throws(CampaignError) in
      do throws(BuildError) { return try cancel(targets) } catch { throw CampaignError(error) }
    }
  }

  /// Runs what may block on a thread of its own: the threads of Swift tasks are few.
  private static func apart<Value: Sendable>(_ body: @escaping @Sendable () throws(CampaignError) -> Value)
    async throws(CampaignError) -> Value
  {
    let result: Result<Value, CampaignError> = await withCheckedContinuation { continuation in
      start {
        let result: Result<Value, CampaignError>
        do throws(CampaignError) { result = .success(try body()) } catch { result = .failure(error) }
        continuation.resume(returning: result)
      } orElse: {
        continuation.resume(returning: .failure($0))
      }
    }
    return try result.get()
  }

  private static func start(_ body: @escaping @Sendable () -> Void, orElse fail: (CampaignError) -> Void) {
    do throws(FileError) { try startThread(body) } catch { fail(.file(error.description)) }
  }
}
