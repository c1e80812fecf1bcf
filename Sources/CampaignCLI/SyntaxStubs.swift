import CampaignCore

// Stand-ins until CampaignSyntax has these two functions; then delete this file.

func format(file: String, bytes: [UInt8]) -> (text: [UInt8]?, diagnostics: [Diagnostic]) { (bytes, []) }

func explanation(of code: String) -> String? { nil }
