// swift-tools-version: 6.1
import PackageDescription

// Half of what a build with nothing to do takes is the loader's. Only with `--static-swift-stdlib`, which no manifest can
// see: whoever says that sets this too.
let linkage: [LinkerSetting] =
  Context.environment["CAMPAIGN_STATIC"] == nil ? [] : [.unsafeFlags(["-static-executable"])]

// The house: arrows go down only. Sources/README.md is the map.
let package = Package(
  name: "campaign",
  products: [
    .executable(name: "campaign", targets: ["CampaignCLI"]),
    .executable(name: "campaign-provider", targets: ["CampaignProviderTool"]),
    .executable(name: "campaign-rehearsal", targets: ["CampaignRehearsal"]),
    .executable(name: "campaign-web", targets: ["CampaignWeb"]),
    .library(name: "CampaignKit", targets: ["CampaignKit"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-http-types", from: "1.4.0"),
    .package(url: "https://github.com/apple/swift-log", from: "1.6.0"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.81.0"),
    .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.0", traits: []),
  ],
  targets: [
    // floor 4: the command
    .executableTarget(
      name: "CampaignCLI",
      dependencies: [
        "CampaignKit", "CampaignReporting", "CampaignActions", "CampaignEngine", "CampaignSyntax",
        "CampaignCore", "CPlatform", "CTemplates",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      linkerSettings: linkage),

    // floor 4: the program that talks to providers; the only one that links libcurl
    .executableTarget(name: "CampaignProviderTool", dependencies: ["CampaignProviders"]),

    // floor 4: a fake of the providers, for tests and rehearsals
    .executableTarget(name: "CampaignRehearsal", dependencies: ["CampaignCore", "CPlatform", "CTemplates"]),

    // floor 4: the page and the HTTP API; the only one that listens on a socket
    .executableTarget(
      name: "CampaignWeb",
      dependencies: [
        "CampaignKit", "CampaignReporting", "CampaignActions", "CampaignEngine", "CampaignSyntax",
        "CampaignCore", "CPlatform", "CWebPage",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Hummingbird", package: "hummingbird"),
        .product(name: "HummingbirdCore", package: "hummingbird"),
        .product(name: "HTTPTypes", package: "swift-http-types"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
      ],
      exclude: ["openapi.json"]),

    // floor 3: the library, and the providers' protocols
    .target(
      name: "CampaignKit",
      dependencies: [
        "CampaignActions", "CampaignReporting", "CampaignEngine", "CampaignSyntax", "CampaignCore",
        "CPlatform",
      ]),

    .target(name: "CampaignProviders", dependencies: ["CampaignCore", "CPlatform", "CCurl"]),

    // floor 2: what steps do, and how it is told
    .target(
      name: "CampaignActions",
      dependencies: ["CampaignEngine", "CampaignSyntax", "CampaignCore", "CTemplates"]),
    .target(name: "CampaignReporting", dependencies: ["CampaignEngine", "CampaignCore", "CPlatform"]),

    // floor 1: the build engine and the language
    .target(name: "CampaignEngine", dependencies: ["CampaignCore"]),
    .target(name: "CampaignSyntax", dependencies: ["CampaignCore"]),

    // floor 0
    .target(name: "CampaignCore", dependencies: ["CXXHash", "CPlatform"]),
    .target(name: "CPlatform"),
    .target(name: "CTemplates"),
    .target(name: "CWebPage", exclude: ["page"]),
    .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
    .target(name: "CXXHash", exclude: ["version.h"]),

    .testTarget(name: "CoreTests", dependencies: ["CampaignCore"]),
    .testTarget(
      name: "SyntaxTests", dependencies: ["CampaignSyntax", "CampaignCore"], exclude: ["mistakes.txt"]),
    .testTarget(name: "EngineTests", dependencies: ["CampaignEngine", "CampaignCore"]),
    .testTarget(
      name: "ActionsTests",
      dependencies: ["CampaignActions", "CampaignEngine", "CampaignSyntax", "CampaignCore"]),
    .testTarget(name: "ProviderTests", dependencies: ["CampaignProviders", "CampaignCore", "CPlatform"]),
    .testTarget(
      name: "WebTests", dependencies: ["CampaignCore"], exclude: ["browser", "conformance", "listeners"]),
    .testTarget(name: "KitTests", dependencies: ["CampaignKit", "CampaignCore"]),
    .testTarget(
      name: "ReportingTests",
      dependencies: [
        "CampaignCLI", "CampaignKit", "CampaignReporting", "CampaignEngine", "CampaignCore",
      ]),
    .testTarget(
      name: "CommandTests", dependencies: ["CampaignCore"],
      exclude: ["transcript.txt", "errors.txt", "crash.c"]),
  ],
  swiftLanguageModes: [.v6])

// The fuzzer looks at what is internal, which a release build hides: only `Tests/Fuzz/run` and `Tests/run` ask for it.
if let fuzzing = Context.environment["CAMPAIGN_FUZZ"] {
  package.products.append(.executable(name: "campaign-fuzz", targets: ["CampaignFuzz"]))
  package.targets.append(
    .executableTarget(
      name: "CampaignFuzz",
      dependencies: [
        "CampaignKit", "CampaignProviders", "CampaignActions", "CampaignEngine", "CampaignSyntax",
        "CampaignCore",
      ],
      path: "Tests/Fuzz/Fuzzer", swiftSettings: fuzzing == "libfuzzer" ? [.define("LIBFUZZER")] : []))
}
